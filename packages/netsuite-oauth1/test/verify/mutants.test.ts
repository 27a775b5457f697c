// Mutants over every mode of the verifier: each refused with a code, or the same by the rules of the scheme.
import { EzError, type ResolvedRequest } from '@ez/core'
import { mutantsOf } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { type OAuth1Options, oauth1 } from '../../src/index.ts'
import { type VerifiedOAuth1, verifyOAuth1 } from '../../src/verify/verify.ts'
import { fixed, formHeaders, request } from '../requests.ts'
import { sealed } from '../seal.ts'
import { meaningOf } from './meaning.ts'

const pair = await crypto.subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
  true,
  ['sign', 'verify'],
)

async function pem(kind: string, format: 'pkcs8' | 'spki', key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(new Uint8Array(await crypto.subtle.exportKey(format, key)))
  return `-----BEGIN ${kind}-----\n${bytes.toString('base64')}\n-----END ${kind}-----\n`
}

const consumerSecret = await pem('PRIVATE KEY', 'pkcs8', pair.privateKey)
const publicKey = await pem('PUBLIC KEY', 'spki', pair.publicKey)

const secrets = { consumerSecret: 's&c=r%t', tokenSecret: 'tök', publicKey }
const url = 'https://api.example.com/a%20b/!x/c%2Fd?z=1&a=%2B+&a=&bare&%C3%BC=%FF'
const form = request('POST', url, 'b=2&a=%E2%98%83&c=x+y&d', formHeaders)
const json = request('PUT', url, '{"a":1}', [['content-type', 'application/json']])
const get = request('GET', url, null, [['accept', '*/*']])

const modes: Readonly<Record<string, readonly [Partial<OAuth1Options>, ResolvedRequest]>> = {
  'HMAC-SHA1, header': [{}, get],
  'HMAC-SHA256, header, form': [{ signatureMethod: 'HMAC-SHA256', extraParameters: [['role', '3 %']] }, form],
  'HMAC-SHA512, query': [{ signatureMethod: 'HMAC-SHA512', placement: 'query' }, json],
  'HMAC-SHA256, form': [{ signatureMethod: 'HMAC-SHA256', placement: 'form' }, form],
  'HMAC-SHA256, hash of the body': [{ signatureMethod: 'HMAC-SHA256', bodyHash: true, realm: 'a "b"' }, json],
  'RSA-SHA256, header': [{ signatureMethod: 'RSA-SHA256', consumerSecret }, form],
  'RSA-SHA1, query': [{ signatureMethod: 'RSA-SHA1', consumerSecret, placement: 'query' }, get],
}

const total = Number(process.env.EZ_MUTANTS ?? 5000)
const each = Math.ceil(total / Object.keys(modes).length)

describe(`${total} mutants`, () => {
  it.each(Object.entries(modes))(
    '%s: none is taken for what was not signed',
    async (name, [options, unsigned]) => {
      const seed = 20_260_115 + Object.keys(modes).indexOf(name)
      const signer = oauth1({ consumerKey: 'key', token: 'tok', ...secretsOf(options) })
      const sent = await sealed(signer, unsigned, fixed(1_700_000_000, 'kllo9940pd9333jh'))
      const original = meaningOf(sent)
      const first = await verdictOf(sent)
      expect(first.verified?.covers).toMatchObject({ method: true, path: true, query: 'all' })
      const counts = { refused: 0, equal: 0 }
      for (const mutant of mutantsOf(sent, each, seed)) {
        const { error, verified } = await verdictOf(mutant.request)
        const { url: changed, headers, body } = mutant.request
        const told = `seed ${seed}, ${mutant.changes}: ${changed} ${JSON.stringify(headers)} ${Buffer.from((body as Uint8Array) ?? [])}`
        if (error !== undefined) {
          expect(EzError.isInstance(error), `${told} ${String(error)}`).toBe(true)
          counts.refused += 1
          continue
        }
        counts.equal += 1
        expect(meaningOf(mutant.request), told).toEqual(original)
        expect(verified, told).toEqual({ ...first.verified, realm: verified?.realm, body: verified?.body })
        if (verified?.covers.body === 'all') expect(verified.body, told).toEqual(body ?? new Uint8Array())
      }
      console.log(
        `netsuite-oauth1 mutants, ${name}: ${each}, ${counts.refused} refused, ${counts.equal} the same (seed ${seed})`,
      )
      expect(counts.refused).toBeGreaterThan(each / 4)
      expect(counts.equal).toBeGreaterThan(0)
    },
  )
})

function secretsOf(options: Partial<OAuth1Options>): OAuth1Options {
  return { consumerSecret: secrets.consumerSecret, tokenSecret: secrets.tokenSecret, ...options }
}

async function verdictOf(received: ResolvedRequest): Promise<{ error?: unknown; verified?: VerifiedOAuth1 }> {
  try {
    const now = new Date(1_700_000_000_000)
    return { verified: await verifyOAuth1(received, { secretFor: () => secrets, now }) }
  } catch (error) {
    return { error }
  }
}
