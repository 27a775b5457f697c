import { checkDigests } from './checksum.ts'
import type { ChunkedClaim } from './chunked.ts'
import type { Claim } from './claim.ts'
import { sha256Hex } from './digest.ts'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** The body and what the signature says of it. */
export interface Payload {
  /** The last line of the canonical request. */
  readonly signedHash: string
  /** Hex SHA-256 of the body, to be compared; absent where the signature covers no body. */
  readonly actualHash?: string
  /** The whole body; absent where it comes in chunks. */
  readonly body?: Uint8Array
  readonly chunked?: ChunkedClaim
}

export interface PayloadRules {
  readonly isObjectStore: boolean
  readonly allowUnsigned: boolean
  /** Whether chunks can be signed under this version of the scheme. */
  readonly signedChunks: boolean
  readonly maxBodyBytes: number
}

const bodiless = new Set(['GET', 'HEAD', 'DELETE'])
// Amazon S3 API Reference, "Authenticating requests": unsigned chunks come with a trailer only.
const streaming = /^STREAMING-(?:(AWS4-HMAC-SHA256)-PAYLOAD(-TRAILER)?|UNSIGNED-PAYLOAD-TRAILER)$/

/**
 * Reads the body under the claim's payload rule; a chunked one is not read yet.
 *
 * @throws EZ_BODY_UNSIGNED, EZ_AUTHORIZATION_INVALID, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE
 */
export async function payloadOf(received: Received, claim: Claim, rules: PayloadRules): Promise<Payload> {
  const claimed = claim.contentSha256 ?? defaultClaim(claim, rules)
  const chunks = claimed === undefined ? null : streaming.exec(claimed)
  if (claimed !== undefined && chunks) {
    const signed = chunks[1] !== undefined
    if (signed && !rules.signedChunks)
      throw refusal('EZ_AUTHORIZATION_INVALID', 'chunks that are signed are not read under version 4A.')
    if (!signed && !rules.allowUnsigned) throw unsigned()
    const withTrailer = !signed || chunks[2] !== undefined
    return { signedHash: claimed, chunked: chunkedClaim(received, signed, withTrailer, rules) }
  }
  const body = await received.readBody(rules.maxBodyBytes)
  if (claimed === 'UNSIGNED-PAYLOAD') {
    // A request that has no body has none to protect.
    if (!rules.allowUnsigned && (body.length > 0 || !bodiless.has(received.method))) throw unsigned()
    checkDigests(received, body)
    return { signedHash: claimed, body }
  }
  const actualHash = await sha256Hex(body)
  if (claimed === undefined) return { signedHash: actualHash, actualHash, body }
  if (!/^[0-9a-f]{64}$/.test(claimed))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-content-sha256 is neither a hash nor a known marker.')
  return { signedHash: claimed, actualHash, body }
}

function chunkedClaim(
  received: Received,
  signed: boolean,
  withTrailer: boolean,
  rules: PayloadRules,
): ChunkedClaim {
  const [given = '', ...others] = received.headers.get('x-amz-decoded-content-length') ?? []
  const length = /^\d+$/.test(given.trim()) && others.length === 0 ? Number(given) : Number.NaN
  if (!Number.isSafeInteger(length))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-decoded-content-length is not a number of bytes.')
  if (length > rules.maxBodyBytes)
    throw refusal('EZ_BODY_TOO_LARGE', `the body is larger than ${rules.maxBodyBytes} bytes.`)
  const [trailer, ...moreTrailers] = (received.headers.get('x-amz-trailer') ?? []).map((name) =>
    name.trim().toLowerCase(),
  )
  const isChecksum = trailer?.startsWith('x-amz-checksum-') === true
  if (withTrailer ? !isChecksum || moreTrailers.length > 0 : trailer !== undefined)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-trailer and x-amz-content-sha256 do not agree.')
  return { signed, trailer, length }
}

function defaultClaim(claim: Claim, rules: PayloadRules): string | undefined {
  if (!rules.isObjectStore) return undefined
  if (claim.placement === 'query') return 'UNSIGNED-PAYLOAD'
  throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-content-sha256 is missing, which this service asks for.')
}

function unsigned(): Error {
  return refusal('EZ_BODY_UNSIGNED', 'the signature does not cover the body.')
}
