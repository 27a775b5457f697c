import { EzError, type Secret } from '@ez/core'
import { type Covers, type VerifierOptions, type VerifierSettings, verifierSettings } from '@ez/core/received'

/** What belongs to one consumer key and token. */
export interface OAuth1Secrets {
  /** Of the consumer key. */
  readonly consumerSecret?: string | Secret
  /** Of the token. */
  readonly tokenSecret?: string | Secret
  /** For RSA methods: PEM with SPKI (`BEGIN PUBLIC KEY`) or PKCS#1 (`BEGIN RSA PUBLIC KEY`), or a JWK. */
  readonly publicKey?: string
}

/** A use of a nonce; it may come once only. */
export interface NonceUse {
  /** The consumer key. */
  readonly keyId: string
  /** `undefined` for a request without one. */
  readonly token: string | undefined
  /** As it was sent, decoded. */
  readonly nonce: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** Options of `verifyOAuth1`. */
export interface VerifyOAuth1Options extends VerifierOptions {
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
  /** The token; `undefined` for a request without one. */
  readonly token: string | undefined
  /** Realm of the header, unsigned. */
  readonly realm: string | undefined
  /** Names of all signed parameters, decoded, sorted. */
  readonly signedNames: readonly string[]
  /** What of the request the signature answers for: of PLAINTEXT nothing. */
  readonly covers: Covers
  /** The body when the signature covers it (a form, or `oauth_body_hash`); `null` when it covers none. */
  readonly body: Uint8Array | null
}

const rules = {
  nonceSeen: 'function?',
  signatureMethods: 'array?',
  allowPlaintext: 'boolean?',
}

const hmacAndRsa = ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA1', 'RSA-SHA256', 'RSA-SHA512']

/** The options with every default filled in. */
export interface Settings extends VerifierSettings {
  /** Names of the signature methods that are accepted. */
  readonly methods: readonly string[]
}

/** The options of the verifier with their defaults. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyOAuth1Options): Settings {
  const defaults = { maxSkewSeconds: 300, maxBodyBytes: 10 * 1024 * 1024 }
  const settings = verifierSettings('verify oauth1', options, rules, defaults)
  const { signatureMethods = hmacAndRsa, allowPlaintext = false } = options
  const unknown = signatureMethods.find((method) => !hmacAndRsa.includes(method))
  if (unknown !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `verify oauth1: option signatureMethods holds ${JSON.stringify(unknown)}. Known: ${hmacAndRsa.join(', ')}; PLAINTEXT by allowPlaintext.`,
    )
  return { ...settings, methods: allowPlaintext ? [...signatureMethods, 'PLAINTEXT'] : signatureMethods }
}
