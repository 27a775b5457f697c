import type { Secret } from '@ez/core'
import { type Covers, type VerifierOptions, type VerifierSettings, verifierSettings } from '@ez/core/received'

/** What the look-up of a verifier gives for a key id; `undefined` for one that it does not know. */
export type VerifierSecret =
  | string
  | Secret
  | { readonly secretAccessKey: string | Secret; readonly sessionToken?: string | Secret }
  | undefined

/** Options of `verifyAwsSigV4`. */
export interface VerifyAwsSigV4Options extends VerifierOptions {
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
  /** Take bodies that the signature does not cover, and give them as `unsignedBody` (default `false`). */
  readonly allowUnsignedPayload?: boolean
  /** Whether the service normalises paths (default: not for S3). */
  readonly normalizePath?: boolean
  /** Whether the service encodes the path of the wire once more (default: not for S3). */
  readonly doubleEncode?: boolean
  /** Whether the signature covers the session token (default), or the token is added after signing. */
  readonly signSessionToken?: boolean
}

/** What a signature vouches for, and nothing that it does not, but for `unsignedBody`. */
export interface VerifiedAwsSigV4 {
  /** The access key id. */
  readonly keyId: string
  /** Region of the credential scope. */
  readonly region: string
  /** Service of the credential scope. */
  readonly service: string
  /** When the request was signed, by the client's clock. */
  readonly signedAt: Date
  /** Lower-case header names that the signature covers. */
  readonly signedNames: readonly string[]
  /**
   * The path that was signed, percent-encoded once: normalised where the service normalises, and of an S3 request the
   * key as it was read. Go by this one, and not by the path of the URL, which may name another resource.
   */
  readonly path: string
  /** What of the request the signature answers for. */
  readonly covers: Covers
  /**
   * The body that was verified; `null` when the signature does not cover it. Of a chunked upload the decoded stream,
   * each chunk verified as it is read: it errors with EZ_BODY_MISMATCH at the first that is not as signed. It reads
   * the request's own body, which is used up then; of any other `Request` a copy is read.
   */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null
  /**
   * With `allowUnsignedPayload`, a body that the signature does not cover, decoded where it came in chunks: anybody on
   * the way may have changed it.
   */
  readonly unsignedBody?: Uint8Array | ReadableStream<Uint8Array>
}

/** How a service reads paths and session tokens. */
export interface Reading {
  readonly normalizePath: boolean
  readonly doubleEncode: boolean
  readonly signSessionToken: boolean
}

const rules = {
  service: 'string?',
  region: 'string?',
  allowUnsignedPayload: 'boolean?',
  normalizePath: 'boolean?',
  doubleEncode: 'boolean?',
  signSessionToken: 'boolean?',
}

const objectStores = new Set(['s3', 's3-outposts', 's3-object-lambda', 's3express'])

/** Whether a service takes paths as the keys of objects, and asks for a hash of the body. */
export function isObjectStore(service: string): boolean {
  return objectStores.has(service)
}

/** The options of the verifier with their defaults. @throws EZ_OPTION_INVALID */
export function settingsOf(options: VerifyAwsSigV4Options): VerifierSettings {
  return verifierSettings('verify aws-sigv4', options, rules, { maxSkewSeconds: 900 })
}

/** How a request is read for the service that its scope names. */
export function readingOf(options: VerifyAwsSigV4Options, service: string): Reading {
  const isPath = !isObjectStore(service)
  const { normalizePath = isPath, doubleEncode = isPath, signSessionToken = true } = options
  return { normalizePath, doubleEncode, signSessionToken }
}
