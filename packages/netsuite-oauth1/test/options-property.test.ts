// Each option and each feature of a URL: what is sent is signed as oauth-sign, request's own signer, signs it, or refused.
import { EzError, type PreparedRequest, signRequest } from '@ez/core'
import fc from 'fast-check'
// @ts-expect-error: it comes without types
import { sign } from 'oauth-sign'
import { describe, expect, it } from 'vitest'
import { type OAuth1Options, oauth1 } from '../src/index.ts'

const clock = (): Date => new Date(1_700_000_000_000)
const nonce = (): string => 'kllo9940pd9333jh'

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
  maxLength: 6,
})
const encoded = fc.tuple(part, fc.boolean()).map(([text, raw]) => (raw ? text : encodeURIComponent(text)))
const pairs = fc.array(
  fc.tuple(fc.oneof(encoded, fc.constantFrom('a', 'b')), fc.option(encoded, { nil: null })),
  {
    maxLength: 4,
  },
)

interface Generated {
  readonly method: string
  readonly origin: string
  readonly path: readonly string[]
  readonly query: readonly (readonly [string, string | null])[]
  readonly form: readonly (readonly [string, string | null])[] | null
}

const requests: fc.Arbitrary<Generated> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  origin: fc.constantFrom(
    'https://api.example.com',
    'https://API.Example.com:443',
    'http://api.example.com:8080',
  ),
  path: fc.array(encoded, { maxLength: 3 }),
  query: pairs,
  form: fc.option(pairs, { nil: null }),
})

const options: fc.Arbitrary<OAuth1Options> = fc.record(
  {
    consumerKey: fc.constantFrom('key', 'k&y/+'),
    consumerSecret: fc.constantFrom('secret', 's&c=r%t', ''),
    token: fc.constantFrom('tok', '', 't k%'),
    tokenSecret: fc.constantFrom('tök', ''),
    signatureMethod: fc.constantFrom('HMAC-SHA1', 'HMAC-SHA256', 'PLAINTEXT'),
    realm: fc.constantFrom('a "realm"', ''),
    version: fc.constantFrom('1.0' as const, null),
    placement: fc.constantFrom('header' as const, 'query' as const, 'form' as const),
    callback: fc.constantFrom('oob', 'https://a.example/?x=1&y', ''),
    verifier: fc.constantFrom('v+r', ''),
    extraParameters: fc.constantFrom<[string, string][]>([], [['role', '3 %']]),
  },
  { requiredKeys: ['consumerKey', 'consumerSecret'] },
)

const written = (list: Generated['query']): string =>
  list.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join('&')

// Not URLSearchParams: where a "%" starts no triplet, Node 24 takes what is not ASCII beside it for bytes.
function formPairs(text: string): [string, string][] {
  const decode = (one: string): string => {
    const bytes = Buffer.from(one.replaceAll('+', ' ')).toString('latin1')
    const octets = bytes.replace(/%([0-9a-f]{2})/gi, (_, pair) =>
      String.fromCharCode(Number.parseInt(pair, 16)),
    )
    return Buffer.from(octets, 'latin1').toString()
  }
  return text
    .split('&')
    .filter((one) => one !== '')
    .map((one) => {
      const equals = `${one}=`.indexOf('=')
      return [decode(one.slice(0, equals)), decode(one.slice(equals + 1))]
    })
}

/** Every parameter that is sent, decoded, by its name; and the signature. */
function sentParameters(sent: PreparedRequest): { parameters: Record<string, string[]>; signature: string } {
  const authorization = sent.headers.find(([name]) => name === 'authorization')?.[1] ?? ''
  const inHeader = [...authorization.matchAll(/ ([\w.~%-]+)="([^"]*)"/g)]
    .filter(([, name]) => name !== 'realm')
    .map(([, name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const)
  const isForm = sent.headers.some(([name, value]) => name === 'content-type' && value.includes('urlencoded'))
  const form = isForm ? formPairs(Buffer.from(sent.body as Uint8Array).toString()) : []
  const all = [...inHeader, ...formPairs(new URL(sent.url).search.slice(1)), ...form]
  const parameters: Record<string, string[]> = Object.create(null)
  for (const [name, value] of all)
    if (name !== 'oauth_signature') parameters[name] = [...(parameters[name] ?? []), value]
  return { parameters, signature: all.find(([name]) => name === 'oauth_signature')?.[1] ?? '' }
}

describe('what is sent is signed as oauth-sign signs it, or refused with a code', () => {
  it.each([1, 2, 3])('over options, URLs and forms (%i)', async (seed) => {
    const counts = { equal: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(requests, options, async ({ method, origin, path, query, form }, chosen) => {
        const search = written(query)
        const isForm = form !== null && method !== 'GET'
        const request = {
          method,
          url: `${origin}/${path.join('/')}${search === '' ? '' : `?${search}`}`,
          ...(isForm
            ? { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: written(form) }
            : {}),
        }
        let sent: PreparedRequest
        try {
          sent = await signRequest(request, [oauth1(chosen)], { clock, nonce })
        } catch (error) {
          expect(EzError.isInstance(error), String(error)).toBe(true)
          counts.refused += 1
          return
        }
        const { parameters, signature } = sentParameters(sent)
        const { signatureMethod = 'HMAC-SHA1', consumerSecret, tokenSecret = '' } = chosen
        const uri = sent.url.replace(/\?.*$/s, '')
        const theirs: string = sign(signatureMethod, method, uri, parameters, consumerSecret, tokenSecret)
        expect(signature, `${method} ${sent.url} ${JSON.stringify(parameters)}`).toBe(theirs)
        counts.equal += 1
      }),
      { numRuns: 200, seed },
    )
    console.log(`netsuite-oauth1 options: ${counts.equal} equal, ${counts.refused} refused (seed ${seed})`)
    expect(counts.equal).toBeGreaterThan(20)
  })
})
