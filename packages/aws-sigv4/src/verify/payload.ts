import type { Claim } from './authorization.ts'
import { sha256Hex } from './digest.ts'
import { type Received, readBody } from './received.ts'
import { refusal } from './refusal.ts'

/** The body and what the signature says of it. */
export interface Payload {
  /** The last line of the canonical request. */
  readonly signedHash: string
  /** Hex SHA-256 of the body, to be compared; absent where the signature covers no body. */
  readonly actualHash?: string
  readonly body: Uint8Array
}

export interface PayloadRules {
  readonly isObjectStore: boolean
  readonly allowUnsigned: boolean
  readonly maxBodyBytes: number
}

const bodiless = new Set(['GET', 'HEAD', 'DELETE'])

/**
 * Reads the body under the claim's payload rule.
 *
 * @throws EZ_BODY_UNSIGNED, EZ_AUTHORIZATION_INVALID, EZ_BODY_TOO_LARGE
 */
export async function payloadOf(received: Received, claim: Claim, rules: PayloadRules): Promise<Payload> {
  const claimed = claim.contentSha256 ?? defaultClaim(claim, rules)
  const body = await readBody(received.body, rules.maxBodyBytes)
  if (claimed === 'UNSIGNED-PAYLOAD') {
    // A request that has no body has none to protect.
    if (!rules.allowUnsigned && (body.length > 0 || !bodiless.has(received.method)))
      throw refusal('EZ_BODY_UNSIGNED', 'the signature does not cover the body.')
    return { signedHash: claimed, body }
  }
  const actualHash = await sha256Hex(body)
  if (claimed === undefined) return { signedHash: actualHash, actualHash, body }
  if (!/^[0-9a-f]{64}$/.test(claimed))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-content-sha256 is neither a hash nor a known marker.')
  return { signedHash: claimed, actualHash, body }
}

function defaultClaim(claim: Claim, rules: PayloadRules): string | undefined {
  if (!rules.isObjectStore) return undefined
  if (claim.placement === 'query') return 'UNSIGNED-PAYLOAD'
  throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-content-sha256 is missing, which this service asks for.')
}
