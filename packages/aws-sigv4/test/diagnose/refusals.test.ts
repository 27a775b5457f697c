// The refusals of services as they were seen, each with the sentence that a user gets: with the secret at hand, and
// where it can be compared without.
import { readFileSync } from 'node:fs'
import { type AwsSigV4Options, awsSigV4, diagnoseAwsSigV4 } from '@ez/aws-sigv4'
import { type ConcreteRequest, diagnose, type Pairs, type PreparedRequest, signRequest } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { baseOptions, bytes, instant } from '../support/signing.ts'

interface Refusal {
  readonly vendor: string
  readonly title: string
  readonly status: number
  readonly headers: Pairs
  /** `{canonicalRequest}`, `{stringToSign}` and `{signature}` stand for what was signed. */
  readonly body: string
  /** Where it was read, or what it was captured from. */
  readonly source: string
  readonly method?: string
  readonly options?: Partial<AwsSigV4Options>
  /** Headers of a request that another client signed. */
  readonly sent?: Readonly<Record<string, string>>
  /** What the service saw otherwise in the canonical request. */
  readonly change?: readonly [from: string, to: string]
  readonly cause: string
  readonly sentence: string
  readonly never?: string
  readonly retryAfterMs?: number
}

const file = new URL('./refusals.json', import.meta.url)
const refusals = JSON.parse(readFileSync(file, 'utf8')) as readonly Refusal[]
const page = readFileSync(new URL('../../../../docs/refusals.md', import.meta.url), 'utf8')

async function prepared({
  method = 'POST',
  sent,
  options,
}: Refusal): Promise<[PreparedRequest, AwsSigV4Options]> {
  const request: ConcreteRequest = {
    method,
    url: 'https://api.example.com/a%20b/c?x=1',
    headers: { ...(method === 'HEAD' ? {} : { 'content-type': 'application/json' }), ...sent },
    ...(method === 'HEAD' ? {} : { body: bytes('{"a": 1}') }),
  }
  const all = { ...baseOptions, ...options }
  return [await signRequest(request, sent ? [] : [awsSigV4(all)], { clock: () => new Date(instant) }), all]
}

function answerOf(refusal: Refusal, sent: PreparedRequest) {
  const stage = (id: string): string => sent.trace.find((entry) => entry.id === id)?.value ?? ''
  let canonicalRequest = stage('canonical-request')
  if (refusal.change) {
    const [from, to] = refusal.change
    canonicalRequest = canonicalRequest.replaceAll(from === '{hash}' ? /[0-9a-f]{64}/g : from, to)
  }
  const isXml = refusal.body.startsWith('<')
  const written = (text: string): string =>
    isXml ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : JSON.stringify(text).slice(1, -1)
  const body = refusal.body
    .replaceAll('{canonicalRequest}', () => written(canonicalRequest))
    .replaceAll('{stringToSign}', () => written(stage('string-to-sign')))
    .replaceAll('{signature}', () => stage('signature'))
  return { status: refusal.status, headers: refusal.headers, body: bytes(body) }
}

const matching = (sentence: string): RegExp => new RegExp(sentence.replace(/[.*+?(){}|[\]\\]/g, '\\$&'))

describe.each(refusals)('$vendor: $title', (refusal) => {
  it('is told what it means and what to do', async () => {
    const [sent, options] = await prepared(refusal)
    const found = diagnose(answerOf(refusal, sent), sent, [awsSigV4(options)])?.diagnosis
    expect(found?.cause).toBe(refusal.cause)
    expect(found?.message).toMatch(matching(refusal.sentence))
    if (refusal.never !== undefined) expect(found?.message).not.toContain(refusal.never)
    if (refusal.retryAfterMs !== undefined) expect(found?.retryAfterMs).toBe(refusal.retryAfterMs)
    expect(refusal.source).not.toBe('')
    expect(page).toContain(refusal.title)
  })

  it.skipIf(!refusal.body.includes('{stringToSign}') || refusal.title.startsWith('sent with'))(
    'is compared without the secret, from the signed request alone',
    async () => {
      const [signed] = await prepared(refusal)
      const { method, url, headers, body } = signed
      const foreign = await signRequest(
        { method, url, headers: [...headers], ...(body ? { body: body as Uint8Array } : {}) },
        [],
      )
      expect(foreign.trace.some(({ id }) => id === 'canonical-request')).toBe(false)
      const found = diagnoseAwsSigV4(answerOf(refusal, signed), foreign)
      expect(found?.cause).toBe(refusal.cause)
      if (refusal.cause === 'credential')
        expect(found?.message).toContain('the secret access key that signed it is not the one')
      else expect(found?.message).toMatch(matching(refusal.sentence))
    },
  )
})
