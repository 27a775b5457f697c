// The refusals of servers as they were seen, each with the sentence that a user gets.
import { readFileSync } from 'node:fs'
import { type Pairs, type PreparedRequest, signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { describe, expect, it } from 'vitest'
import { diagnoseNetSuite } from '../../src/diagnose.ts'
import { netsuiteOAuth1, oauth1 } from '../../src/index.ts'
import { diagnoseOAuth1 } from '../../src/oauth1/diagnose.ts'

interface Refusal {
  readonly vendor: string
  readonly title: string
  readonly status: number
  readonly headers: Pairs
  /** `{baseString}` stands for what was signed. */
  readonly body: string
  /** Where it was read, or what it was captured from. */
  readonly source: string
  readonly signer: 'netsuite' | 'oauth1'
  /** What was sent otherwise in the authorization header. */
  readonly edit?: readonly [from: string, to: string]
  /** What the server saw otherwise in the base string. */
  readonly change?: readonly [from: string, to: string]
  readonly cause: string
  readonly sentence: string
  readonly retryAfterMs?: number
}

const refusals = JSON.parse(
  readFileSync(new URL('./refusals.json', import.meta.url), 'utf8'),
) as readonly Refusal[]
const page = readFileSync(new URL('../../../../docs/refusals.md', import.meta.url), 'utf8')

const secrets = { consumerKey: 'KEY', consumerSecret: 'CONSUMER_SECRET', tokenSecret: 'TOKEN_SECRET' }
const signers = {
  netsuite: netsuiteOAuth1({ accountId: '1234567_SB1', ...secrets, tokenId: 'TOKEN' }),
  oauth1: oauth1({ ...secrets, token: 'TOKEN', signatureMethod: 'HMAC-SHA256' }),
}
const explain = { netsuite: diagnoseNetSuite, oauth1: diagnoseOAuth1 }

async function prepared({ signer, edit = ['', ''] }: Refusal): Promise<PreparedRequest> {
  const url =
    'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10&offset=0'
  const clock = (): Date => new Date('2026-03-01T12:00:00Z')
  const sent = await signRequest({ method: 'POST', url, body: '{"q":"SELECT 1"}' }, [signers[signer]], {
    clock,
    nonce: () => '0123456789abcdef',
  })
  const headers = sent.headers.map(([name, value]) => [name, value.replace(edit[0], edit[1])] as const)
  const { method, body, trace } = sent
  return { method, url, headers, body, trace } as unknown as PreparedRequest
}

function answerOf({ status, headers, body, change = ['', ''] }: Refusal, { trace }: PreparedRequest) {
  const baseString = trace.find(({ id }) => id === 'base-string')?.value ?? ''
  const shown = encodeURIComponent(baseString.replace(change[0], change[1]))
  return { status, headers, body: utf8(body.replace('{baseString}', () => shown)) }
}

describe.each(refusals)('$vendor: $title', (refusal) => {
  it('is told what it means and what to do', async () => {
    const sent = await prepared(refusal)
    const found = explain[refusal.signer](answerOf(refusal, sent), sent)
    expect(found?.cause).toBe(refusal.cause)
    expect(found?.message).toContain(refusal.sentence)
    if (refusal.retryAfterMs !== undefined) expect(found?.retryAfterMs).toBe(refusal.retryAfterMs)
    expect(refusal.source).not.toBe('')
    expect(page).toContain(refusal.title)
  })

  it('is told the same of a request that another client signed, without a secret', async () => {
    const sent = await prepared(refusal)
    const foreign = { ...sent, trace: [] }
    const found = explain[refusal.signer](answerOf(refusal, sent), foreign)
    expect(found?.cause).toBe(refusal.cause)
    expect(found?.message).toContain(refusal.sentence)
  })
})
