import { type ResolvedRequest, reveal, type Secret } from '@ez/core'
import { equalInConstantTime } from '@ez/core/crypto'
import { isUsableSecret, verifierSettings } from '@ez/core/received'
import { readClaim } from './verify/authorization.ts'
import { canonicalRequestOf, withoutSecrets } from './verify/canonical.ts'
import { checkAge, checkScope, checkSignedNames } from './verify/checks.ts'
import { decodeChunks } from './verify/chunked.ts'
import { hexOf, hmacSha256, scopeKey, sha256Hex } from './verify/digest.ts'
import { payloadOf } from './verify/payload.ts'
import { refusal } from './verify/refusal.ts'
import { receiveTarget } from './verify/target.ts'

export type { RefusalCode } from './verify/refusal.ts'

/** What the look-up of a verifier gives for a key id; `undefined` for one that it does not know. */
export type VerifierSecret =
  | string
  | Secret
  | { readonly secretAccessKey: string | Secret; readonly sessionToken?: string | Secret }
  | undefined

/** Options of {@link verifyAwsSigV4}. */
export interface VerifyAwsSigV4Options {
  /** The secret of a key id, with the session token when the key is a temporary one. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** The service that the scope must name. */
  readonly service?: string
  /** The region that the scope must name. */
  readonly region?: string
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that clocks may differ (default 900, as S3 has it). */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed host, scheme or path. */
  readonly url?: string
  /** Bytes of body to read at most (default 64 MiB). */
  readonly maxBodyBytes?: number
  /** Take bodies that the signature does not cover (default `false`). */
  readonly allowUnsignedPayload?: boolean
  /** Whether the service normalises paths (default: not for S3). */
  readonly normalizePath?: boolean
  /** Whether the service encodes the path of the wire once more (default: not for S3). */
  readonly doubleEncode?: boolean
}

/** What a signature vouches for. */
export interface VerifiedAwsSigV4 {
  readonly keyId: string
  readonly region: string
  readonly service: string
  readonly signedAt: Date
  /** Lower-case header names that the signature covers. */
  readonly signedNames: readonly string[]
  /**
   * The body that was verified. Of a chunked upload the decoded stream, each chunk verified as it is read: it
   * errors with EZ_BODY_MISMATCH at the first that is not as signed. It reads the request's own body, which is
   * used up then; of any other `Request` a copy is read.
   */
  readonly body: Uint8Array | ReadableStream<Uint8Array>
}

const rules = {
  service: 'string?',
  region: 'string?',
  allowUnsignedPayload: 'boolean?',
  normalizePath: 'boolean?',
  doubleEncode: 'boolean?',
}

const objectStores = new Set(['s3', 's3-outposts', 's3-object-lambda', 's3express'])

/**
 * Verifies a request signed with AWS Signature Version 4, in the header, presigned or chunked, as a
 * service does.
 *
 * It shares no canonicalisation with the signer and works on WebCrypto. `host` and every `x-amz-*` header
 * must be signed; two authorizations and repeated `X-Amz-*` parameters are refused.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_TOKEN_MISMATCH, EZ_SCOPE_MISMATCH, EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED,
 * EZ_HEADER_UNSIGNED, EZ_SIGNATURE_MISMATCH, EZ_BODY_UNSIGNED,
 * EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId, body } = await verifyAwsSigV4(request, {
 *     service: 's3',
 *     region: 'us-east-1',
 *     secretFor: (id) => (id === 'AKIDEXAMPLE' ? 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' : undefined),
 *   })
 *   return new Response(`${keyId} sent ${await new Response(body as BodyInit).text()}`)
 * }
 * ```
 */
export async function verifyAwsSigV4(
  request: Request | ResolvedRequest,
  options: VerifyAwsSigV4Options,
): Promise<VerifiedAwsSigV4> {
  const defaults = { maxSkewSeconds: 900 }
  const { now, maxSkewSeconds, maxBodyBytes } = verifierSettings('verify aws-sigv4', options, rules, defaults)
  const received = receiveTarget(request, options.url)
  const claim = readClaim(received)
  const [, region, service] = claim.scope
  checkScope(claim, options)
  checkAge(claim, now, maxSkewSeconds)
  checkSignedNames(claim, received)
  const secretAccessKey = secretOf(await options.secretFor(claim.keyId), claim)

  const isObjectStore = objectStores.has(service)
  const payload = await payloadOf(received, claim, {
    isObjectStore,
    allowUnsigned: options.allowUnsignedPayload ?? false,
    maxBodyBytes,
  })
  const reading = {
    normalizePath: options.normalizePath ?? !isObjectStore,
    doubleEncode: options.doubleEncode ?? !isObjectStore,
  }
  const canonicalRequest = canonicalRequestOf(
    received,
    claim,
    reading,
    payload.signedHash,
    payload.body?.length,
  )
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    claim.amzDate,
    claim.scope.join('/'),
    await sha256Hex(canonicalRequest),
  ].join('\n')
  const key = await scopeKey(secretAccessKey, claim.scope)
  const signature = hexOf(await hmacSha256(key, stringToSign))
  if (!equalInConstantTime(signature, claim.signature))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      canonicalRequest: withoutSecrets(canonicalRequest),
      stringToSign,
    })
  if (payload.actualHash !== undefined && !equalInConstantTime(payload.actualHash, payload.signedHash))
    throw refusal('EZ_BODY_MISMATCH', 'the body is not the one that was signed.')
  return {
    keyId: claim.keyId,
    region,
    service,
    signedAt: claim.signedAt,
    signedNames: claim.signedNames,
    body: payload.chunked
      ? decodeChunks(received.takeBody(), payload.chunked, claim, key)
      : (payload.body ?? new Uint8Array()),
  }
}

function secretOf(known: VerifierSecret, claim: { keyId: string; sessionToken?: string }): string {
  const temporary =
    typeof known === 'object' && known !== null && 'secretAccessKey' in known ? known : undefined
  const secretAccessKey = temporary ? temporary.secretAccessKey : known
  if (!isUsableSecret(secretAccessKey)) throw refusal('EZ_KEY_UNKNOWN', `there is no key "${claim.keyId}".`)
  if (temporary) {
    const token = isUsableSecret(temporary.sessionToken) ? reveal(temporary.sessionToken) : ''
    if (!equalInConstantTime(token, claim.sessionToken ?? ''))
      throw refusal('EZ_TOKEN_MISMATCH', `the session token is not the one of key "${claim.keyId}".`)
  }
  return reveal(secretAccessKey)
}
