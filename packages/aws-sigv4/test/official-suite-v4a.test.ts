import { createPublicKey, verify } from 'node:crypto'
import { awsSigV4a } from '@ez/aws-sigv4/v4a'
import type { SignResult } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedVectors } from './support/folders.ts'
import { contextAt, type OfficialCase, officialCases } from './support/official-suite.ts'

const folder = publishedVectors('aws-sigv4/v4a')

function sign({ context, request }: OfficialCase, placement: 'header' | 'query'): SignResult {
  const { credentials } = context
  const signer = awsSigV4a({
    service: context.service,
    regionSet: context.region,
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

/** ECDSA is random: whether the suite's public key takes the signature is all that can be asked. */
function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const { X, Y } = JSON.parse(publicKey) as { X: string; Y: string }
  const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
  const key = createPublicKey({
    key: { kty: 'EC', crv: 'P-256', x: base64url(X), y: base64url(Y) },
    format: 'jwk',
  })
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'hex'))
}

describe.runIf(folder)('the official suite, version 4A', () => {
  const cases = (folder === undefined ? [] : officialCases(folder)).filter(
    (one) => one.read('header-canonical-request.txt') !== undefined,
  )
  let passed = 0
  afterAll(() => console.log(`aws-sigv4 v4a suite: ${passed} passed of ${cases.length * 2}`))

  for (const placement of ['header', 'query'] as const)
    it.each(cases.map((one) => [one.name, one] as const))(`${placement}: %s`, (_, one) => {
      const stringToSign = one.read(`${placement}-string-to-sign.txt`) as string
      const publicKey = one.read('public-key.json') as string
      const [canonicalRequest, signedText, signature] = sign(one, placement).trace
      expect(canonicalRequest?.value).toBe(one.read(`${placement}-canonical-request.txt`))
      expect(signedText?.value).toBe(stringToSign)
      expect(isSignedBy(publicKey, stringToSign, signature?.value ?? '')).toBe(true)
      expect(isSignedBy(publicKey, stringToSign, one.read(`${placement}-signature.txt`) as string)).toBe(true)
      passed += 1
    })
})
