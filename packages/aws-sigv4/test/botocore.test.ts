import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest, SignResult } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'
import { publishedVectors } from './support/folders.ts'
import { contextAt } from './support/official-suite.ts'
import { bytes } from './support/signing.ts'

interface BotocoreCase {
  readonly name: string
  readonly service: string
  readonly region: string
  readonly mode: 'header' | 'query'
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly sessionToken: string | null
  readonly expires: number | null
  readonly signedUrl: string
  readonly signedHeaders: Readonly<Record<string, string>>
  readonly canonicalRequest: string
  readonly stringToSign: string
}

const file = publishedVectors('botocore.json')
const suite = file === undefined ? undefined : JSON.parse(readFileSync(file, 'utf8'))
const cases: readonly BotocoreCase[] = suite?.cases ?? []

/** The request that botocore then sends: presigning, it moves a POST's body into the query and drops repeated names. */
function sentRequest(one: BotocoreCase): ResolvedRequest {
  const isPresigned = one.mode === 'query'
  const query = (isPresigned ? one.signedUrl : one.url).split('?')[1]?.split('&') ?? []
  const own = query.filter((pair) => !pair.startsWith('X-Amz-')).join('&')
  return {
    method: one.method,
    url: `${one.url.split('?')[0]}${own === '' ? '' : `?${own}`}`,
    headers: Object.entries(one.headers),
    body: one.body === '' || isPresigned ? null : bytes(one.body),
  }
}

/** S3 takes the key that the path names, decoded and encoded once; botocore signs the path as it was given. */
function pathOfS3(path: string): string {
  const octets = Buffer.from(
    path.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
  return encodeURIComponent(octets.toString('utf8'))
    .replaceAll('%2F', '/')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

function signatureOf(stringToSign: string): string {
  const scope = stringToSign.split('\n')[2]?.split('/') ?? []
  const key = scope.reduce<Buffer>(
    (before, part) => createHmac('sha256', before).update(part).digest(),
    Buffer.from(`AWS4${suite.secretAccessKey}`),
  )
  return createHmac('sha256', key).update(stringToSign).digest('hex')
}

describe.runIf(file)("botocore's signatures", () => {
  let passed = 0
  let ruledByS3 = 0
  afterAll(() =>
    console.log(
      `aws-sigv4 botocore: ${passed} passed of ${cases.length} (${ruledByS3} with the path by S3's rule)`,
    ),
  )

  it.each(cases.map((one) => [`${one.service} ${one.mode}: ${one.name}`, one] as const))('%s', (_, one) => {
    const lines = one.canonicalRequest.split('\n')
    const signer = awsSigV4({
      service: one.service,
      region: one.region,
      credentials: {
        accessKeyId: suite.accessKeyId,
        secretAccessKey: suite.secretAccessKey,
        sessionToken: one.sessionToken ?? undefined,
      },
      placement: one.mode,
      expiresIn: one.expires ?? 900,
      signedHeaders: (lines.at(-2) ?? '').split(';'),
    })
    const at = suite.timestamp.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z')
    const { trace, patch } = signer.sign(sentRequest(one), contextAt(at)) as SignResult

    const path = lines[1] ?? ''
    if (one.service === 's3') {
      // Written by hand from the path's octets: `fromCharCode` above takes UTF-8 text for itself.
      lines[1] = /[^\x20-\x7e]/.test(path) ? path : pathOfS3(path === '' ? '/' : path)
      if (lines[1] !== path) ruledByS3 += 1
    }
    const canonicalRequest = lines.join('\n')
    const stringToSign = one.stringToSign.replace(/[0-9a-f]{64}$/, sha256(canonicalRequest))
    if (canonicalRequest === one.canonicalRequest) expect(stringToSign).toBe(one.stringToSign)
    const signature = signatureOf(stringToSign)
    expect(trace.map(({ value }) => value)).toEqual([canonicalRequest, stringToSign, signature])
    if (canonicalRequest === one.canonicalRequest)
      expect(`${one.signedUrl} ${one.signedHeaders.Authorization}`).toContain(`Signature=${signature}`)
    const [name, value] =
      one.mode === 'header'
        ? ['authorization', patch.headers.authorization]
        : ['X-Amz-Signature', patch.query.at(-1)?.[1]]
    expect([name, value?.slice(-64)]).toEqual([name, signature])
    passed += 1
  })
})
