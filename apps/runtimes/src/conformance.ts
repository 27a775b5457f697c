import { type EzError, prepare, type RequestTemplate } from '@ez/core'
import { hash, hashBody, randomAlphanumeric, sha1, sha256, sha512 } from '@ez/core/crypto'
import { signerChecks } from '@ez/core/testing'
import { signers, vectorFiles } from './providers.ts'

/** What a run found. */
export interface Outcome {
  readonly vectors: number
  readonly checks: number
  readonly prepared: number
  /** Requests that the endpoint verified. */
  readonly fetched: number
  readonly failures: readonly string[]
}

/**
 * The conformance run: vectors of all providers, `prepare`, and `fetch` against an endpoint that verifies.
 *
 * @param endpoint its address, `http://127.0.0.1:8080`
 */
export async function runConformance(endpoint: string): Promise<Outcome> {
  const failures: string[] = []
  const attempt = async (title: string, run: () => unknown): Promise<number> => {
    try {
      await run()
      return 1
    } catch (error) {
      failures.push(`${title}: ${error instanceof Error ? error.message : String(error)}`)
      return 0
    }
  }
  let vectors = 0
  let checks = 0
  for (const { provider, vectors: file, options } of vectorFiles) {
    vectors += (file as unknown[]).length
    for (const check of signerChecks(provider, file, { credentials: [], ...options }))
      checks += await attempt(`${provider.id}, ${check.group}, ${check.title}`, () => check.run())
  }
  let prepared = 0
  for (const [title, run] of Object.entries(expectations))
    prepared += await attempt(title, () => run(endpoint))
  let fetched = 0
  for (const name of Object.keys(signers))
    fetched += await attempt(`fetch, ${name}`, () => fetchVerified(endpoint, name))
  return { vectors, checks, prepared, fetched, failures }
}

const template: RequestTemplate = {
  method: 'post',
  url: 'https://{{host}}/orders/{{id}}',
  query: { since: '{%yesterday%}', 'ä b': "c'|^d" },
  headers: { 'X-Time': '{%now%}' },
  body: { json: { ids: '{{ids}}', nonce: '{%nonce%}' } },
}

const expectations: Readonly<Record<string, (endpoint: string) => unknown>> = {
  async 'prepare gives one wire form'() {
    const { method, url, headers, body } = await prepare(template, {
      variables: { host: 'API.example.com:443', id: 'a b/ü', ids: [1, 2] },
      clock: () => new Date('2026-03-01T00:30:00Z'),
      nonce: () => 'nonce-1',
    })
    const text = new TextDecoder().decode(body as Uint8Array)
    equal(JSON.stringify([method, url, headers, text]), expectedRequest)
  },
  'the request that is sent is the one that was prepared': async () => {
    const prepared = await prepare(template, { variables: { host: 'api.example.com', id: 1, ids: [] } })
    const request = prepared.toRequest()
    equal(request.url, prepared.url)
    equal(request.redirect, 'manual')
    equal(await request.text(), new TextDecoder().decode(prepared.body as Uint8Array))
  },
  // Some engines tell the URL unchanged, and send another.
  async 'a path of two slashes arrives as it was signed, or is refused'(endpoint) {
    const signer = signers.ed25519?.()
    const prepared = await prepare({
      method: 'POST',
      url: `${endpoint}//a//b`,
      headers: { 'x-scheme': 'ed25519' },
      body: { text: '' },
      preRequest: signer ? [signer] : [],
    })
    const refuses = 'Bun' in globalThis
    let sent: Request
    try {
      sent = prepared.toRequest()
    } catch (error) {
      return equal(refuses && (error as EzError).code, 'EZ_URL_NOT_SENDABLE')
    }
    equal(refuses, false)
    equal((await fetch(sent)).status, 200)
  },
  // FIPS 180-4, the examples of "abc".
  'hashes are those of the standard'() {
    equal(hash(sha1, 'abc', 'hex'), 'a9993e364706816aba3e25717850c26c9cd0d89d')
    equal(hash(sha256, 'abc', 'base64'), 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=')
    equal(hash(sha512, 'abc', 'hex').slice(0, 32), 'ddaf35a193617abacc417349ae204131')
  },
  async 'a large body has the hash of a small one'() {
    const large = new Uint8Array(1_000_000).fill(0x61)
    const expected = 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'
    equal(await hashBody(sha256, large, 'hex'), expected)
  },
  'nonces are letters and digits, and differ'() {
    const nonces = Array.from({ length: 100 }, () => randomAlphanumeric(32))
    equal(new Set(nonces).size, 100)
    equal(
      nonces.every((nonce) => /^[A-Za-z0-9]{32}$/.test(nonce)),
      true,
    )
  },
}

const expectedRequest = JSON.stringify([
  'POST',
  'https://api.example.com/orders/a%20b/%C3%BC?since=2026-02-28&%C3%A4%20b=c%27%7C%5Ed',
  [
    ['x-time', '2026-03-01T00:30:00.000Z'],
    ['content-type', 'application/json'],
  ],
  '{"ids":[1,2],"nonce":"nonce-1"}',
])

async function fetchVerified(endpoint: string, name: string): Promise<void> {
  const signer = signers[name]?.()
  const prepared = await prepare({
    method: 'POST',
    url: `${endpoint}/dbs/a/colls/b/docs`,
    query: { 'a b': 'ä+/~', list: '1,2' },
    headers: { 'x-scheme': name },
    body: { json: { name: 'Zürich', sign: '✍️' } },
    preRequest: signer ? [signer] : [],
  })
  const response = await fetch(prepared.toRequest())
  equal(`${response.status} ${await response.text()}`, `200 ${name} verified`)
  const unsigned = { method: 'POST', headers: { 'x-scheme': name }, body: prepared.body as BodyInit }
  equal((await fetch(`${endpoint}/dbs/a/colls/b/docs`, unsigned)).status, 403)
}

function equal(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`expected ${String(expected)}, and got ${String(actual)}`)
}
