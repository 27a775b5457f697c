import { type PreparedRequest, prepare, type ResponseSnapshot } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { describe, expect, it } from 'vitest'
import { netsuiteOAuth1, oauth1, suiteQl } from '../src/index.ts'

const credentials = {
  accountId: '1234567_SB1',
  consumerKey: 'CONSUMER_KEY_VALUE',
  consumerSecret: 'CONSUMER_SECRET_VALUE',
  tokenId: 'TOKEN_ID_VALUE',
  tokenSecret: 'TOKEN_SECRET_VALUE',
}
const signer = netsuiteOAuth1(credentials)
const clock = (): Date => new Date('2026-03-01T12:00:00Z')
const prepared = await prepare(
  { ...suiteQl(credentials.accountId, 'SELECT 1', { limit: 10 }), preRequest: [signer] },
  { clock },
)

function refusal(status: number, body: string, headers: [string, string][] = []): ResponseSnapshot {
  return { status, headers, body: utf8(body) }
}

// The form in which the REST services refuse a login: jacobsvante/netsuite issue 27.
const invalidLogin = JSON.stringify({
  title: 'Unauthorized',
  status: 401,
  'o:errorDetails': [{ detail: 'Invalid login attempt.', 'o:errorCode': 'INVALID_LOGIN' }],
})
const rejected: [string, string] = ['WWW-Authenticate', 'OAuth realm="1234567_SB1", error="token_rejected"']

function edited(change: Partial<PreparedRequest>): PreparedRequest {
  return {
    ...prepared,
    trace: prepared.trace,
    headers: prepared.headers,
    url: prepared.url,
    method: prepared.method,
    ...change,
  }
}

describe('the NetSuite diagnosis', () => {
  it('lists what was checked and sends to the audit trail when nothing is wrong', () => {
    const diagnosis = signer.diagnose?.(refusal(401, invalidLogin, [rejected]), prepared)
    expect(diagnosis?.cause).toBe('credential')
    const names = [...(diagnosis?.message ?? '').matchAll(/^ok {5}(.*)$/gm)].map((match) => match[1])
    expect(names).toEqual(['realm', 'account', 'query', 'clock', 'method', 'algorithm', 'version'])
    expect(diagnosis?.message).toContain('Login Audit Trail')
    expect(diagnosis?.message).toContain('Base string: POST&https%3A%2F%2F1234567-sb1.suitetalk')
    expect(diagnosis?.message).not.toContain('SECRET_VALUE')
  })

  it.each<[string, PreparedRequest, string, string]>([
    [
      'realm',
      edited({ headers: replace('1234567_SB1', '1234567-sb1') }),
      'credential',
      '1234567-sb1 must be like 1234567_SB1',
    ],
    [
      'account',
      edited({ url: prepared.url.replace('1234567-sb1', '7654321') }),
      'credential',
      'does not belong to the account 1234567_SB1',
    ],
    ['query', edited({ url: `${prepared.url}&q=1` }), 'signature-mismatch', 'q must be signed'],
    [
      'header',
      edited({ headers: replace('oauth_nonce', 'limit="10", oauth_nonce') }),
      'signature-mismatch',
      'limit must be signed, not in the header',
    ],
    ['method', edited({ method: 'GET' }), 'signature-mismatch', 'GET was not signed'],
    [
      'algorithm',
      edited({ headers: replace('HMAC-SHA256', 'HMAC-SHA1') }),
      'signature-mismatch',
      'must be HMAC-SHA256',
    ],
  ])('finds a wrong %s', (_, wrong, cause, text) => {
    const diagnosis = signer.diagnose?.(refusal(401, invalidLogin), wrong)
    expect(diagnosis).toMatchObject({ cause, message: expect.stringContaining(`WRONG`) })
    expect(diagnosis?.message).toContain(text)
  })

  it('measures the clock', () => {
    const answer = refusal(401, invalidLogin, [['Date', 'Sun, 01 Mar 2026 12:10:00 GMT']])
    expect(signer.diagnose?.(answer, prepared)).toMatchObject({ cause: 'clock-skew', clockOffsetMs: 600_000 })
  })

  it.each([
    refusal(400, '{"error":{"code":"SSS_REQUEST_LIMIT_EXCEEDED","message":"Request Limit Exceeded"}}', [
      ['retry-after', '2'],
    ]),
    refusal(429, '{"o:errorDetails":[{"o:errorCode":"CONCURRENCY_LIMIT_EXCEEDED"}]}', [['Retry-After', '2']]),
    refusal(401, '{"error":{"code":"CONCURRENCY_LIMIT_EXCEEDED"}}', [['Retry-After', '2']]),
  ])('takes concurrency for what it is ($status)', (answer) => {
    expect(signer.diagnose?.(answer, prepared)).toMatchObject({ cause: 'throttled', retryAfterMs: 2000 })
  })

  it('knows a used nonce', () => {
    const named = (code: string): ResponseSnapshot =>
      refusal(401, '', [['www-authenticate', `OAuth error="${code}"`]])
    expect(signer.diagnose?.(named('nonce_used'), prepared)?.cause).toBe('nonce-used')
  })

  it.each([200, 404, 500])('says nothing to %i', (status) => {
    expect(signer.diagnose?.(refusal(status, 'nothing'), prepared)).toBeUndefined()
  })
})

it('diagnoses any OAuth 1.0a server', () => {
  const plain = oauth1({ consumerKey: 'key', consumerSecret: 'secret' })
  expect(plain.diagnose?.(refusal(401, 'no'), prepared)).toMatchObject({ cause: 'signature-mismatch' })
  expect(plain.diagnose?.(refusal(429, ''), prepared)?.cause).toBe('throttled')
  expect(plain.diagnose?.(refusal(400, 'no such page'), prepared)).toBeUndefined()
  const late = refusal(401, '', [['date', 'Sun, 01 Mar 2026 13:00:00 GMT']])
  const named = (problem: string): ResponseSnapshot => refusal(400, `oauth_problem=${problem}`)
  expect(plain.diagnose?.(named('nonce_used'), prepared)?.cause).toBe('nonce-used')
  expect(plain.diagnose?.(named('timestamp_refused'), prepared)).toMatchObject({ cause: 'clock-skew' })
  expect(plain.diagnose?.(named('token_rejected'), prepared)?.cause).toBe('credential')
  expect(plain.diagnose?.(late, prepared)).toMatchObject({ cause: 'clock-skew', clockOffsetMs: 3_600_000 })
})

function replace(from: string, to: string): [string, string][] {
  return prepared.headers.map(([name, value]) => [
    name,
    name === 'authorization' ? value.replace(from, to) : value,
  ])
}
