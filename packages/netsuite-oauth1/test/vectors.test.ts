import { readFileSync } from 'node:fs'
import type { ResolvedRequest } from '@ez/core'
import { describeSigner, requestOf, type SignedPart, type Vector } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { provider as netsuite } from '../src/index.ts'
import { provider as oauth1 } from '../src/oauth1.ts'
import { verifyOAuth1 } from '../src/verify/verify.ts'

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8'))
}

function verify(request: ResolvedRequest, { options, context }: Vector): Promise<unknown> {
  const { consumerSecret, tokenSecret = '' } = options as Record<string, string>
  return verifyOAuth1(request, {
    secretFor: () => ({ consumerSecret: consumerSecret as string, tokenSecret }),
    now: new Date(context.now),
    allowPlaintext: true,
  })
}

/** PLAINTEXT covers nothing, and a body is covered as a form or by its hash. */
function signs({ options, request }: Vector): SignedPart[] {
  if (options.signatureMethod === 'PLAINTEXT') return []
  const isForm = request.headers.some(([, value]) => value === 'application/x-www-form-urlencoded')
  return ['method', 'path', 'query', ...(isForm || options.bodyHash ? (['body'] as const) : [])]
}

// An empty consumer secret is allowed (RFC 5849 section 3.4.2), so that the key alone is asked for.
const secrets = ['consumerSecret', 'tokenSecret']
const vectors = read('oauth1.json') as Vector[]
const hasSecret = ({ options }: Vector): boolean => Boolean(options.consumerSecret || options.tokenSecret)
describe('oauth1', () => {
  describeSigner(oauth1, vectors.filter(hasSecret), {
    credentials: ['consumerKey'],
    secrets,
    signs,
    verify,
    describe,
    it,
  })
})

// With two empty secrets anybody can sign: the signer does it, and the verifier takes it for an unknown key.
const withoutSecrets = vectors.filter((vector) => !hasSecret(vector))
describe('oauth1 without secrets', () => {
  // There is no secret that could be shown.
  describeSigner(oauth1, withoutSecrets, { credentials: ['consumerKey'], secrets: [], signs, describe, it })

  it.each(withoutSecrets)('$title: is refused', async (vector) => {
    const sent = { ...requestOf(vector), headers: Object.entries(vector.expected.headers) }
    await expect(verify(sent, vector)).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
  })
})

const credentials = ['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret']
describe('netsuite', () => {
  describeSigner(netsuite, read('netsuite.json'), { credentials, secrets, signs, verify, describe, it })
})
