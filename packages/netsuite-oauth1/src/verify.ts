import type { ResolvedRequest, Secret } from '@ez/core'
import { receiveWhole, verifierSettings } from '@ez/core/received'
import { canSign, checkSignature } from './verify/check-signature.ts'
import { checkBodyHash, checkMethod, checkOnce } from './verify/checks.ts'
import { readClaim } from './verify/claim.ts'
import { expectBaseString } from './verify/expected.ts'
import { refusal } from './verify/refusal.ts'
import { showBytes } from './verify/wire.ts'

export type { RefusalCode } from './verify/refusal.ts'

/** What belongs to one consumer key and token. */
export interface OAuth1Secrets {
  readonly consumerSecret?: string | Secret
  readonly tokenSecret?: string | Secret
  /** For RSA methods: PEM, `BEGIN PUBLIC KEY`. */
  readonly publicKey?: string
}

/** A use of a nonce; it may come once only. */
export interface NonceUse {
  readonly keyId: string
  readonly token: string | undefined
  readonly nonce: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** Options of `verifyOAuth1`. */
export interface VerifyOAuth1Options {
  /** Finds the secrets; `undefined` when key or token are unknown. One may be empty, not both. */
  readonly secretFor: (
    keyId: string,
    token: string | undefined,
  ) => OAuth1Secrets | undefined | Promise<OAuth1Secrets | undefined>
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that a timestamp may be off, either way (default 300). */
  readonly maxSkewSeconds?: number
  /** Whether this nonce has been used; must also record it. Asked only after the signature was right. */
  readonly nonceSeen?: (use: NonceUse) => boolean | Promise<boolean>
  /** What the client called, when a proxy changed it. */
  readonly url?: string
  /** Bytes (default 10 MiB). */
  readonly maxBodyBytes?: number
  /** Signature methods that are accepted (default: all HMAC and RSA methods). */
  readonly signatureMethods?: readonly string[]
  /** Accept PLAINTEXT, which proves nothing about the request (default `false`). */
  readonly allowPlaintext?: boolean
}

/** What a right signature proves. */
export interface VerifiedOAuth1 {
  /** The consumer key. */
  readonly keyId: string
  readonly token: string | undefined
  /** Realm of the header, unsigned. */
  readonly realm: string | undefined
  /** Names of all signed parameters, decoded, sorted. */
  readonly signedNames: readonly string[]
  /** The body when the signature covers it (a form, or `oauth_body_hash`); `null` when it covers none. */
  readonly body: Uint8Array | null
}

const rules = {
  nonceSeen: 'function?',
  signatureMethods: 'array?',
  allowPlaintext: 'boolean?',
}

/**
 * Verifies an OAuth 1.0a request as its server would: signature, then timestamp, then nonce.
 *
 * Parameters may stand in the header, the query or a form body, in one of them only. The request's
 * own body can still be read.
 *
 * Source: RFC 5849 section 3.2.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS, EZ_KEY_UNKNOWN,
 * EZ_ALGORITHM_REFUSED,
 * EZ_SIGNATURE_MISMATCH, EZ_BODY_MISMATCH, EZ_BODY_INVALID, EZ_BODY_TOO_LARGE, EZ_CLOCK_SKEW,
 * EZ_NONCE_SEEN, EZ_REQUEST_INVALID, EZ_OPTION_INVALID
 *
 * @example
 * ```ts
 * import { verifyOAuth1 } from '@ez/netsuite-oauth1/verify'
 *
 * const request = new Request('https://api.example.com/orders', { headers: { authorization: 'OAuth …' } })
 * const verified = await verifyOAuth1(request, {
 *   secretFor: (keyId) => (keyId === 'key' ? { consumerSecret: 'secret', tokenSecret: '' } : undefined),
 * })
 * console.log(verified.signedNames)
 * ```
 */
export async function verifyOAuth1(
  request: Request | ResolvedRequest,
  options: VerifyOAuth1Options,
): Promise<VerifiedOAuth1> {
  const defaults = { maxSkewSeconds: 300, maxBodyBytes: 10 * 1024 * 1024 }
  const settings = verifierSettings('verify oauth1', options, rules, defaults)
  const received = await receiveWhole('verify oauth1', request, options.url, settings.maxBodyBytes)
  const claim = readClaim(received)
  const keyId = claim.need('oauth_consumer_key')
  const token = claim.read('oauth_token')
  const method = checkMethod(claim, options)
  const signature = claim.need('oauth_signature')

  const secrets = await options.secretFor(keyId, token)
  if (!secrets || !canSign(method, secrets))
    throw refusal('EZ_KEY_UNKNOWN', 'the consumer key or the token is unknown.')
  const baseString = expectBaseString(received.method.toUpperCase(), received.url, claim.pairs)
  if (!(await checkSignature(method, baseString, signature, secrets)))
    throw refusal('EZ_SIGNATURE_MISMATCH', 'the signature is not the one of this request and key.', {
      baseString,
    })
  await checkBodyHash(claim, method, received.body)
  // Both may be missing with PLAINTEXT only (RFC 5849 section 3.1).
  if (method !== 'PLAINTEXT' || claim.read('oauth_timestamp') !== undefined)
    await checkOnce(claim, keyId, token, settings, options.nonceSeen)

  const names = new Set(claim.pairs.map(({ name }) => showBytes(name)))
  names.delete('oauth_signature')
  return {
    keyId,
    token,
    realm: claim.realm,
    signedNames: [...names].sort(),
    body: claim.hasForm || names.has('oauth_body_hash') ? received.body : null,
  }
}
