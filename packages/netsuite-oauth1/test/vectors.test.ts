import { readFileSync } from 'node:fs'
import type { ResolvedRequest } from '@ez/core'
import { describeSigner, type SignedPart, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import { provider as netsuite } from '../src/index.ts'
import { provider as oauth1 } from '../src/oauth1.ts'
import { verifyOAuth1 } from '../src/verify.ts'

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
describe('oauth1', () => {
  describeSigner(oauth1, read('oauth1.json'), {
    credentials: ['consumerKey'],
    secrets,
    signs,
    verify,
    describe,
    it,
  })
})

const credentials = ['consumerKey', 'consumerSecret', 'tokenId', 'tokenSecret']
describe('netsuite', () => {
  describeSigner(netsuite, read('netsuite.json'), { credentials, secrets, signs, verify, describe, it })
})
