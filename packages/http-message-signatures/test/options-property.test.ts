// Each option and each feature of a URL: the base that is signed is the one of http-message-signatures, or it is refused.
import { EzError, type PreparedRequest, signRequest } from '@ez/core'
import { type HttpMessageSignaturesOptions, httpMessageSignatures } from '@ez/http-message-signatures'
import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import fc from 'fast-check'
import { httpbis } from 'http-message-signatures'
import { parseDictionary, serializeInnerList } from 'structured-headers'
import { expect, it } from 'vitest'

const now = new Date('2026-01-15T12:36:00Z')
const part = fc.string({
  unit: fc.constantFrom(
    ...[...'aZ09-._~ +%/=&?#:@!$\'()*,;[]{}|^`<>"\\é☃😀'],
    '%2F',
    '%2f',
    '%C3%BC',
    '%41',
    '//',
    '..',
  ),
  maxLength: 5,
})
const encoded = fc.tuple(part, fc.boolean()).map(([text, raw]) => (raw ? text : encodeURIComponent(text)))
const requests = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  origin: fc.constantFrom(
    'https://example.com',
    'https://Example.com:443',
    'http://example.com:8080',
    'https://[::1]',
  ),
  path: fc.array(encoded, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
  query: fc.array(fc.tuple(encoded, fc.option(encoded, { nil: null })), { maxLength: 3 }),
  headers: fc.uniqueArray(
    fc.tuple(
      fc.constantFrom('content-type', 'x-a', 'x-dict', 'date'),
      fc.constantFrom('x', 'a  b', 'a=1, b=2;c', '"a, b"', 'text/plain; charset=utf-8'),
    ),
    { maxLength: 4, selector: ([name]) => name },
  ),
  body: fc.option(fc.constantFrom('{"a":1}', 'é'), { nil: undefined }),
})
const components = fc.uniqueArray(
  fc.constantFrom(
    '@method',
    '@target-uri',
    '@authority',
    '@scheme',
    '@request-target',
    '@path',
    '@query',
    'content-type',
    'x-a',
    '"x-a";bs',
    '"x-dict";key="a"',
    '"x-dict";sf',
    'content-digest',
    '"@query-param";name="a"',
    '@status',
    '"@method";req',
    '"date";tr',
  ),
  { maxLength: 3 },
)
const options: fc.Arbitrary<HttpMessageSignaturesOptions> = fc.record(
  {
    algorithm: fc.constant('hmac-sha256' as const),
    key: fc.constant('c2VjcmV0IGtleQ=='),
    components,
    keyId: fc.constantFrom('a', 'b', 'c d', 'a"b\\c', 'ü'),
    label: fc.constantFrom('sig1', 'a', 'b1', 'a*_-.', 'A'),
    created: fc.boolean(),
    expiresIn: fc.constantFrom(1, 60, 600, 3600, 0),
    nonce: fc.boolean(),
    alg: fc.boolean(),
    tag: fc.constantFrom('web-bot-auth', 'a', 'b', 'c', 'line\nend'),
    fieldTypes: fc.constant({ 'x-dict': 'dictionary' as const }),
    contentDigest: fc.constantFrom('sha-256' as const, 'sha-512' as const),
  },
  { requiredKeys: ['algorithm', 'key'] },
)

/** What http-message-signatures signs of the request that is sent, under the parameters that it names. */
function vendorBase(sent: PreparedRequest, label: string): string {
  const headers = Object.fromEntries(sent.headers)
  const input = parseDictionary(headers['signature-input'] ?? '').get(label) as [
    unknown[],
    Map<string, unknown>,
  ]
  const parameters = serializeInnerList(input as never)
  const fields = [
    ...parameters.slice(1, parameters.indexOf(')')).matchAll(/"[^"]*"(?:;[a-z]+(?:="[^"]*")?)*/g),
  ]
  const lines = httpbis.createSignatureBase(
    { fields: fields.map(([field]) => field) },
    { method: sent.method, url: sent.url, headers },
  )
  const base = httpbis.formatSignatureBase(lines)
  return `${base}${base === '' ? '' : '\n'}"@signature-params": ${parameters}`
}

it('over options, URLs, headers and bodies, and our verifier takes it', async () => {
  const counts = { equal: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(requests, options, async ({ method, origin, path, query, headers, body }, chosen) => {
      const search = query.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&')
      let sent: PreparedRequest
      try {
        sent = await signRequest(
          {
            method,
            url: `${origin}${path}${search === '' ? '' : `?${search}`}`,
            headers: headers.map(([name, value]): [string, string] => [name, value]),
            ...(body === undefined || method === 'GET' ? {} : { body }),
          },
          [httpMessageSignatures(chosen)],
          { clock: () => now, nonce: () => 'n-1' },
        )
      } catch (error) {
        expect(EzError.isInstance(error), String(error)).toBe(true)
        counts.refused += 1
        return
      }
      const told = `${sent.method} ${sent.url} ${JSON.stringify(sent.headers)}`
      const base = sent.trace.find(({ id }) => id === 'signature-base')?.value
      expect(base, told).toBe(vendorBase(sent, chosen.label ?? 'sig1'))
      const verified = await verifyHttpMessageSignatures(sent, {
        secretFor: () => ({ algorithm: 'hmac-sha256', key: chosen.key }),
        requiredComponents: chosen.components ?? [],
        allowUndated: true,
        fieldTypes: { 'x-dict': 'dictionary' },
        now,
      })
      expect(verified.keyId, told).toBe(chosen.keyId ?? '')
      counts.equal += 1
    }),
    { numRuns: 500, seed: 3 },
  )
  console.log(`http-message-signatures options: ${counts.equal} equal, ${counts.refused} refused (seed 3)`)
  expect(counts.equal).toBeGreaterThan(40)
})
