import { checkOptions, EzError, type OptionRule } from '@ez/core'
import type { SignedHeaderChoice } from './canonical/headers.ts'
import type { PathRules } from './canonical/path.ts'
import { type CredentialSource, knownCredentials } from './credentials/credentials.ts'
import { rulesOf } from './services.ts'
import type { ChecksumAlgorithm, ChunkedMode } from './streaming/modes.ts'

/**
 * How the body takes part in the signature: by its hash, not at all, or in signed chunks as it is sent, with
 * or without a trailing checksum; `unsigned-trailer` signs nothing of the body and adds the checksum.
 */
export type PayloadMode = 'hash' | 'unsigned' | ChunkedMode

/** Options of {@link awsSigV4}. */
export interface AwsSigV4Options {
  /** Credentials, or a function that gives them for each request, such as `cachedCredentials`. */
  readonly credentials: CredentialSource
  /** Signing name of the service, such as `execute-api`, `s3`, `sts`. */
  readonly service: string
  /** Such as `us-east-1`. */
  readonly region: string
  /** Where the signature goes: the `authorization` header (default) or the query (a presigned URL). */
  readonly placement?: 'header' | 'query'
  /** Seconds that a presigned URL holds, from 1 to 604800 (default 900). */
  readonly expiresIn?: number
  /** Remove `.`, `..` and empty segments before signing the path (default: not for S3). */
  readonly normalizePath?: boolean
  /** Encode the path of the wire once more before signing it (default: not for S3). */
  readonly doubleEncode?: boolean
  /** Whether the signature covers the session token (default), or it is added after signing. */
  readonly signSessionToken?: boolean
  /**
   * The header that carries the session token, or in other case the parameter of a presigned URL (default
   * `x-amz-security-token`). The sessions of S3 Express have one of their own; see `s3ExpressSession`.
   */
  readonly sessionTokenName?: 'x-amz-security-token' | 'x-amz-s3session-token'
  /**
   * Headers signed besides `host`, `content-type`, `content-md5`, `range` and every `x-amz-*`; `'all'` signs all.
   * Proxies rewrite many headers: name only what reaches the service as it was sent.
   */
  readonly signedHeaders?: 'all' | readonly string[]
  /** Send `x-amz-content-sha256` with a header signature (default: for S3 and its kin, and with an unsigned payload). */
  readonly contentSha256Header?: boolean
  /** How the body is signed (default `hash`; `unsigned` for presigned S3 URLs, as S3 asks). */
  readonly payload?: PayloadMode
  /** Bytes of each chunk of a chunked payload, at least 8192 (default 262144). */
  readonly chunkSize?: number
  /** Trailing checksum of the `…-trailer` payloads (default `crc32`). */
  readonly checksum?: ChecksumAlgorithm
  /** Milliseconds added to our clock to have the server's. */
  readonly clockOffsetMs?: number
}

/** Options of every signer with their defaults filled in. */
export interface Settings {
  readonly credentials: CredentialSource
  readonly service: string
  readonly region: string
  readonly placement: 'header' | 'query'
  readonly path: PathRules
  readonly signSessionToken: boolean
  readonly sessionTokenName: string
  readonly signedHeaders: SignedHeaderChoice
  readonly payload: PayloadMode
  /** `x-amz-content-sha256` as a header. */
  readonly contentSha256Header: boolean
  readonly clockOffsetMs: number
}

const rules: Readonly<Record<string, OptionRule>> = {
  credentials: 'object|function',
  service: 'string',
  region: 'string',
  normalizePath: 'boolean?',
  doubleEncode: 'boolean?',
  signSessionToken: 'boolean?',
  signedHeaders: "'all'|array?",
  contentSha256Header: 'boolean?',
  payload: "'hash'|'unsigned'?",
  clockOffsetMs: 'number?',
}

const credentialRules: Readonly<Record<string, OptionRule>> = {
  accessKeyId: 'secret',
  secretAccessKey: 'secret',
  sessionToken: 'secret?',
  expiration: 'any?',
}

/**
 * Checks the options and fills in the defaults of the service.
 *
 * @param more rules of options that only some entries take
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 */
export function resolveOptions(
  id: string,
  options: AwsSigV4Options,
  more?: Readonly<Record<string, OptionRule>>,
): Settings {
  checkOptions(id, options, { ...rules, ...more })
  const { credentials, service, region, placement = 'header', signedHeaders = [] } = options
  if (typeof credentials !== 'function') checkOptions(id, knownCredentials(credentials), credentialRules)
  // A slash or a comma in them would move the parts of the credential scope.
  if (/[^\w*-]/.test(service + region))
    throw invalid(id, 'service and region', 'letters, digits, "-", "_" and "*" alone')
  const choice = signedHeaders === 'all' ? [] : signedHeaders
  if (!choice.every((name) => typeof name === 'string' && /^[^\s,:;]+$/.test(name)))
    throw invalid(id, 'signedHeaders', 'header names')
  const { objectPath, contentSha256Header, unsignedPayload } = rulesOf(service)
  const { normalizePath = !objectPath, doubleEncode = !objectPath } = options
  const isUnsigned =
    unsignedPayload === 'always' || (unsignedPayload === 'presigned' && placement === 'query')
  const { payload = isUnsigned ? 'unsigned' : 'hash' } = options
  return {
    credentials,
    service,
    region,
    placement,
    path: { normalizePath, doubleEncode, decodeSlash: objectPath && !doubleEncode },
    signSessionToken: options.signSessionToken ?? true,
    sessionTokenName: options.sessionTokenName ?? 'x-amz-security-token',
    signedHeaders: signedHeaders === 'all' ? 'all' : new Set(choice.map((name) => name.toLowerCase())),
    payload,
    contentSha256Header:
      placement === 'header' && (options.contentSha256Header ?? (contentSha256Header || payload !== 'hash')),
    clockOffsetMs: options.clockOffsetMs ?? 0,
  }
}

/** The error of an option that must be something else. */
export function invalid(id: string, name: string, rule: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `${id}: option ${name} must be ${rule}.`)
}
