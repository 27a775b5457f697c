import { readFileSync } from 'node:fs'
import { prepare, type ResponseSnapshot } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { expect, it } from 'vitest'
import { cosmosAuth } from '../src/index.ts'

const page = readFileSync(new URL('../../../docs/refusals.md', import.meta.url), 'utf8').split('\n')
const clock = (): Date => new Date('2026-03-01T12:00:00Z')
const date = 'sun, 01 mar 2026 12:00:00 gmt'
const signer = cosmosAuth({ masterKey: 'bWFzdGVyIGtleQ==' })
const prepared = await prepare(
  { method: 'POST', url: 'https://account.documents.azure.com/dbs/MyDb/colls/C/docs', preRequest: [signer] },
  { clock },
)

function refusal(status: number, message: string, headers: [string, string][] = []): ResponseSnapshot {
  return { status, headers, body: utf8(JSON.stringify({ code: 'x', message })) }
}

function payload(text: string): ResponseSnapshot {
  return refusal(
    401,
    `The input authorization token can't serve the request. Server used the following payload to sign: '${text}'\r\nActivityId: 5`,
  )
}

it.each<[string, string, string, number[]]>([
  ['the key is another one', `post\ndocs\ndbs/MyDb/colls/C\n${date}\n\n`, 'credential', []],
  [
    'resource link: the server expected "dbs/mydb/colls/c", we signed "dbs/MyDb/colls/C" (only the case',
    `post\ndocs\ndbs/mydb/colls/c\n${date}\n\n`,
    'signature-mismatch',
    [3],
  ],
  ['are signed with the parent link', `post\ncolls\ndbs/MyDb\n${date}\n\n`, 'signature-mismatch', [2, 3]],
  [
    'verb: the server expected "put"',
    `put\\ndocs\\ndbs/MyDb/colls/C\\n${date}\\n\\n`,
    'signature-mismatch',
    [1],
  ],
  [
    'x-ms-date: the server expected ""',
    'post\ndocs\ndbs/MyDb/colls/C\n\nsun\n',
    'signature-mismatch',
    [4, 5],
  ],
])('says: %s', (text, expected, cause, lines) => {
  const diagnosis = signer.diagnose?.(payload(expected), prepared)
  expect(diagnosis).toMatchObject({ cause, message: expect.stringContaining(text) })
  expect((diagnosis?.differences ?? []).map(({ line }) => line)).toEqual(lines)
})

it('measures the skew, in the form that the service prints (microsoft/vscode-cosmosdb issue 842)', () => {
  const message =
    'The authorization token is not valid at the current time. Please create another token and retry (token start time: Sun, 01 Mar 2026 12:00:00 GMT, ' +
    'token expiry time: Sun, 01 Mar 2026 12:15:00 GMT, current server time: Sun, 01 Mar 2026 11:53:14 GMT).\r\nActivityId: 5'
  expect(signer.diagnose?.(refusal(403, message), prepared)).toMatchObject({
    cause: 'clock-skew',
    clockOffsetMs: -406_000,
    message: expect.stringContaining('406 seconds ahead'),
  })
  const short = 'The authorization token is not valid at the current time.'
  expect(
    signer.diagnose?.(refusal(403, short, [['Date', 'Sun, 01 Mar 2026 12:20:00 GMT']]), prepared)
      ?.clockOffsetMs,
  ).toBe(1_200_000)
  expect(signer.diagnose?.(refusal(403, short), prepared)).not.toHaveProperty('clockOffsetMs')
})

it('reads throttling, and leaves the rest alone', () => {
  expect(signer.diagnose?.(refusal(429, '', [['x-ms-retry-after-ms', '120']]), prepared)).toMatchObject({
    cause: 'throttled',
    retryAfterMs: 120,
  })
  expect(signer.diagnose?.(refusal(401, 'no'), prepared)?.cause).toBe('credential')
  expect(signer.diagnose?.({ status: 404, headers: [], body: utf8('not JSON') }, prepared)).toBeUndefined()
  expect(signer.diagnose?.(refusal(403, 'Forbidden'), prepared)).toBeUndefined()
})

it.each([
  [
    { resourceToken: 'type=resource&ver=1&sig=x' },
    403,
    'The authorization token is not valid at the current time.',
  ],
  [{ aadToken: 'x.y.z' }, 401, 'The token has expired.'],
])('knows an expired token: %o', async (options, status, message) => {
  const other = cosmosAuth(options)
  const signed = await prepare(
    { method: 'GET', url: 'https://a.documents.azure.com/dbs', preRequest: [other] },
    { clock },
  )
  expect(other.diagnose?.(refusal(status, message), signed)?.cause).toBe('token-expired')
})

// Status, message, where it comes from, what the sentence names.
it.each<[number, string, string, RegExp]>([
  [
    401,
    'Local Authorization is disabled. Use an AAD token to authorize all requests.',
    'Microsoft Learn, Disable key-based authentication',
    /aadToken/,
  ],
  [
    403,
    'Request blocked by Auth account : Request is blocked because principal [x] does not have required RBAC permissions to perform action [Microsoft.DocumentDB/databaseAccounts/readMetadata] on resource [/].',
    'Microsoft Learn, Use data plane role-based access control',
    /Built-in Data Contributor/,
  ],
  [
    403,
    'Request originated from IP 203.0.113.5 through public internet. This is blocked by your Cosmos DB account firewall settings.',
    'Microsoft Learn, Configure IP firewall',
    /networking rules/,
  ],
])('%i "%s" (%s) is explained by its own sentence', (status, message, source, says) => {
  const row = page.find((line) => line.includes(`| ${source} |`))
  expect(row).toContain(`| ${status} “${message.slice(0, 20)}`)
  expect(row).toMatch(says)
  expect(signer.diagnose?.(refusal(status, message), prepared)).toMatchObject({
    cause: 'credential',
    message: expect.stringMatching(says),
  })
})
