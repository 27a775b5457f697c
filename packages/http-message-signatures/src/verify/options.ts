import type { Secret } from '@ez/core'
import { type Covers, type VerifierSettings, verifierSettings } from '@ez/core/received'
import type { SignatureAlgorithm } from '../algorithms.ts'
import { type Component, parseComponent } from '../component.ts'
import type { FieldTypes } from '../field-type.ts'

/** What the look-up of a verifier gives for a key id; `undefined` for one that it does not know. */
export type VerifierSecret =
  | {
      readonly algorithm: SignatureAlgorithm
      /** PEM (SPKI, PKCS #1) or a JWK as JSON; for `hmac-sha256` base64. */
      readonly key: string | Secret
    }
  | undefined

/** Options of {@link verifyHttpMessageSignatures}. */
export interface VerifyHttpMessageSignaturesOptions {
  /** The key of a key id, which is empty when the signature names none. */
  readonly secretFor: (keyId: string) => VerifierSecret | Promise<VerifierSecret>
  /** What the signature must cover, as the signer names it: `@method`, `content-digest`. */
  readonly requiredComponents: readonly string[]
  /** Name of the signature; needed when there is more than one. */
  readonly label?: string
  /** The tag that the signature must have. */
  readonly tag?: string
  /** Whether a header is an item, a list or a dictionary, for `sf` of headers that are not known here. */
  readonly fieldTypes?: FieldTypes
  /** Decides whether a nonce was used before. */
  readonly nonceSeen?: (nonce: string) => boolean | Promise<boolean>
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Take signatures that have neither `created` nor `expires`, and so hold for ever (default `false`). */
  readonly allowUndated?: boolean
  /** Seconds that clocks may differ (default 300). */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed it. */
  readonly url?: string
  /** Bytes of body to read at most (default 64 MiB). */
  readonly maxBodyBytes?: number
}

/** What a signature vouches for. */
export interface VerifiedHttpMessageSignatures {
  /** Empty when the signature names none. */
  readonly keyId: string
  /** Name of the signature in `signature-input`. */
  readonly label: string
  /** The components that the signature covers, as they stand in `signature-input`. */
  readonly signedNames: readonly string[]
  /** What the signature covers. */
  readonly covers: Covers
  /** The body, when the signature covers its digest. */
  readonly body: Uint8Array | null
}

const rules = {
  requiredComponents: 'array',
  label: 'string?',
  tag: 'string?',
  nonceSeen: 'function?',
  allowUndated: 'boolean?',
  fieldTypes: 'object?',
}

/** The options with every default filled in. @throws EZ_OPTION_INVALID */
export function settingsOf(
  options: VerifyHttpMessageSignaturesOptions,
  parse: (text: string) => Component = parseComponent,
): VerifierSettings {
  const settings = verifierSettings('verify http-message-signatures', options, rules, { maxSkewSeconds: 300 })
  // Names that no signature can cover would refuse every request.
  for (const name of options.requiredComponents) parse(name)
  return settings
}
