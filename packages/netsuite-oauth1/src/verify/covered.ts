import type { Covers } from '@ez/core/received'
import type { Claim } from './claim.ts'
import type { WirePair } from './wire.ts'

/** What a right signature answers for: PLAINTEXT is a password that anybody on the way can put on another request. */
export function coversOf(method: string, claim: Claim, pairs: readonly WirePair[]): Covers {
  if (method === 'PLAINTEXT')
    return { method: false, host: false, path: false, query: [], headers: [], body: 'none' }
  const hasBody = claim.hasForm || pairs.some(({ name }) => name === 'oauth_body_hash')
  return { method: true, host: true, path: true, query: 'all', headers: [], body: hasBody ? 'all' : 'none' }
}
