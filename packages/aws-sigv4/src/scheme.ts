import type { MaybePromise } from '@ez/core'
import type { HmacKey } from '@ez/core/crypto'
import type { Identity } from './credentials/credentials.ts'
import { createSigningKeys } from './credentials/signing-keys.ts'
import type { Settings } from './options.ts'
import { createScopeClock } from './scope-clock.ts'
import { createSignature } from './signature.ts'
import { algorithm, type SigningScope } from './string-to-sign.ts'

/** What tells version 4 from version 4A. */
export interface Scheme {
  readonly algorithm: string
  /** Signed with every request: as header `x-amz-region-set` or as query `X-Amz-Region-Set`. */
  readonly regionSet: string | undefined
  /** @param instant milliseconds since 1970 */
  scopeAt(instant: number): SigningScope
  /** Hex. */
  sign(identity: Identity, scope: SigningScope, stringToSign: string): MaybePromise<string>
  /** For signatures of chunks. */
  keyOf?(identity: Identity, scope: SigningScope): HmacKey
}

/** HMAC-SHA256 with a key for each day, region and service. */
export function hmacScheme({ region, service }: Settings): Scheme {
  const keys = createSigningKeys()
  const keyOf = (identity: Identity, scope: SigningScope): HmacKey =>
    keys(identity.secretAccessKey, identity.secretDigest, scope)
  return {
    algorithm,
    regionSet: undefined,
    scopeAt: createScopeClock(service, region),
    keyOf,
    sign: (identity, scope, stringToSign) => createSignature(keyOf(identity, scope), stringToSign),
  }
}
