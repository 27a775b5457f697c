import { createHmac } from 'node:crypto'
import type { SignResult } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import fc from 'fast-check'
import OAuth from 'oauth-1.0a'
import { expect, it } from 'vitest'
import { oauth1 } from '../src/index.ts'
import { verifyOAuth1 } from '../src/verify/verify.ts'
import { fixed, formHeaders, request } from './requests.ts'

const seconds = 1_700_000_000
const context = fixed(seconds, 'kllo9940pd9333jh')
const text = fc.string({ unit: 'grapheme', maxLength: 12 })

// Where oauth-1.0a 2.2.6 is right: plain names, none twice, none that every object has. See its issues 49, 60 and 103.
const name = fc
  .stringMatching(/^[A-Za-z0-9._~-]{1,8}$/)
  .filter((value) => !(value in {}) && !value.startsWith('oauth_'))
const pairs = fc.uniqueArray(fc.tuple(name, text), { maxLength: 6, selector: ([key]) => key })

it('signs as oauth-1.0a does where that is right', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      pairs,
      fc.array(text, { minLength: 1, maxLength: 3 }),
      fc.record({
        consumerSecret: text,
        tokenSecret: text,
        token: fc.string({ minLength: 1, maxLength: 8 }),
      }),
      fc.nat(6),
      (method, all, path, secrets, inQuery) => {
        const query = all.slice(0, inQuery)
        const form = method === 'GET' ? [] : all.slice(inQuery)
        const url = `https://api.example.com/${path.map(encodeRfc3986).join('/')}${
          query.length > 0 ? `?${query.map((pair) => pair.map(encodeRfc3986).join('=')).join('&')}` : ''
        }`
        const peer = new OAuth({
          consumer: { key: 'key', secret: secrets.consumerSecret },
          signature_method: 'HMAC-SHA256',
          hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
        })
        peer.getNonce = context.nonce
        peer.getTimeStamp = () => seconds
        const theirs = peer.authorize(
          { url, method, data: Object.fromEntries(form) },
          { key: secrets.token, secret: secrets.tokenSecret },
        )
        const body = form.length > 0 ? new URLSearchParams(form).toString() : null
        const signer = oauth1({ consumerKey: 'key', ...secrets, signatureMethod: 'HMAC-SHA256' })
        const ours = signer.sign(
          request(method, url, body, body === null ? [] : formHeaders),
          context,
        ) as SignResult
        expect(ours.trace[1]?.value).toBe(theirs.oauth_signature)
      },
    ),
    { numRuns: 300 },
  )
})

// Pieces of a query or form as they come on the wire, the awkward ones among them.
const wire = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      '=',
      '&',
      '+',
      '%20',
      '%2B',
      '%26',
      '%3d',
      '%C3%A9',
      '%ff',
      '%41',
      ';',
      '!',
      '*',
      "'",
      '(',
      '~',
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''))

it('agrees with the verifier on whatever comes on the wire', async () => {
  await fc.assert(
    fc.asyncProperty(
      wire,
      wire,
      wire.map((path) => path.replaceAll('&', '')),
      fc.constantFrom('header', 'query', 'form'),
      async (query, form, path, placement) => {
        const unsigned = request(
          'POST',
          new URL(`https://api.example.com/${path}?${query}`).href,
          form,
          formHeaders,
        )
        const signer = oauth1({
          consumerKey: 'key',
          consumerSecret: 's',
          placement,
          extraParameters: [['ro le', '%&=+']],
        })
        const { patch } = (await signer.sign(unsigned, context)) as SignResult
        const added = patch.query.map((pair) => pair.map(encodeRfc3986).join('=')).join('&')
        const verified = await verifyOAuth1(
          {
            ...unsigned,
            url:
              added === ''
                ? unsigned.url
                : `${unsigned.url.replace(/\?$/, '')}${query === '' ? '?' : '&'}${added}`,
            headers: [...unsigned.headers, ...Object.entries(patch.headers)],
            body: patch.body ?? unsigned.body,
          },
          { secretFor: () => ({ consumerSecret: 's' }), now: new Date(seconds * 1000) },
        )
        expect(verified.signedNames).toContain('ro le')
      },
    ),
    { numRuns: 300 },
  )
})
