import { awsSigV4 } from '@ez/aws-sigv4'
import type { SignResult } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedVectors } from './support/folders.ts'
import { contextAt, type OfficialCase, officialCases } from './support/official-suite.ts'

const folder = publishedVectors('aws-sigv4/v4')

function sign({ context, request }: OfficialCase, placement: 'header' | 'query'): SignResult {
  const { credentials } = context
  const signer = awsSigV4({
    service: context.service,
    region: context.region,
    credentials: {
      accessKeyId: credentials.access_key_id,
      secretAccessKey: credentials.secret_access_key,
      sessionToken: credentials.token,
    },
    placement,
    expiresIn: context.expiration_in_seconds,
    normalizePath: context.normalize,
    doubleEncode: false,
    signedHeaders: 'all',
    contentSha256Header: context.sign_body,
    signSessionToken: context.omit_session_token !== true,
  })
  return signer.sign(request, contextAt(context.timestamp)) as SignResult
}

/** The headers that the suite's signed request has, as `name:value` lines with names in lower case. */
function signedHeaderLines(text: string): string[] {
  return text
    .slice(0, text.indexOf('\n\n'))
    .split('\n')
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase() + line.slice(line.indexOf(':')))
}

describe.runIf(folder)('the official suite, version 4', () => {
  const cases = folder === undefined ? [] : officialCases(folder)
  let passed = 0
  afterAll(() => console.log(`aws-sigv4 v4 suite: ${passed} passed of ${cases.length * 2}`))

  for (const placement of ['header', 'query'] as const)
    it.each(cases.map((one) => [one.name, one] as const))(`${placement}: %s`, (_, one) => {
      const { patch, trace } = sign(one, placement)
      expect(trace).toEqual([
        { id: 'canonical-request', value: one.read(`${placement}-canonical-request.txt`) },
        { id: 'string-to-sign', value: one.read(`${placement}-string-to-sign.txt`) },
        { id: 'signature', value: one.read(`${placement}-signature.txt`) },
      ])
      const signedRequest = one.read(`${placement}-signed-request.txt`) as string
      if (placement === 'header')
        expect(signedHeaderLines(signedRequest)).toEqual(
          expect.arrayContaining(Object.entries(patch.headers).map(([name, value]) => `${name}:${value}`)),
        )
      else {
        const added = patch.query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
        expect(signedRequest.slice(0, signedRequest.indexOf(' HTTP/'))).toContain(added)
      }
      passed += 1
    })
})
