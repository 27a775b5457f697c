import { checkOptions, EzError } from '@ez/core'
import type { SignedHeaderChoice } from './canonical-headers.ts'
import type { PathRules } from './canonical-path.ts'
import type { CredentialSource } from './credentials.ts'
import { rulesOf } from './services.ts'
import type { ChecksumAlgorithm } from './streaming/checksum.ts'
import type { ChunkedMode } from './streaming/payload.ts'

/**
 * How the body takes part in the signature: by its hash, not at all, or in signed chunks as it is sent, with
 * or without a trailing checksum; `unsigned-trailer` signs nothing of the body and adds the checksum.
 */
export type PayloadMode = 'hash' | 'unsigned' | ChunkedMode

/** Options of {@link awsSigV4}. */
export interface AwsSigV4Options {
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

/** Options with every default filled in. */
export interface Settings {
  readonly credentials: CredentialSource
  readonly service: string
  readonly region: string
  readonly placement: 'header' | 'query'
  readonly expiresIn: number
  readonly path: PathRules
  readonly signSessionToken: boolean
  readonly signedHeaders: SignedHeaderChoice
  readonly payload: PayloadMode
  readonly chunkSize: number
  readonly checksum: ChecksumAlgorithm
  /** `x-amz-content-sha256` as a header. */
  readonly contentSha256Header: boolean
  /** `X-Amz-Content-Sha256` as a query parameter: S3 takes any other presigned body for unsigned. */
  readonly contentSha256Query: boolean
  readonly clockOffsetMs: number
}

const rules = {
  credentials: 'object|function',
  service: 'string',
  region: 'string',
  placement: "'header'|'query'?",
  expiresIn: 'number?',
  normalizePath: 'boolean?',
  doubleEncode: 'boolean?',
  signSessionToken: 'boolean?',
  signedHeaders: "'all'|array?",
  contentSha256Header: 'boolean?',
  payload: "'hash'|'unsigned'|'chunks'|'chunks-trailer'|'unsigned-trailer'?",
  chunkSize: 'number?',
  checksum: "'crc32'|'crc32c'|'sha1'|'sha256'?",
  clockOffsetMs: 'number?',
}

const credentialRules = {
  accessKeyId: 'secret',
  secretAccessKey: 'secret',
  sessionToken: 'secret?',
  expiration: 'any?',
}

// A week: Amazon S3 API Reference, "Authenticating requests: using query parameters", X-Amz-Expires.
const longestExpiry = 604_800
// Amazon S3 API Reference, "Transferring payload in multiple chunks (chunked upload)".
const smallestChunk = 8192
// What stands between slashes and commas in a credential.
const scopeName = /^[A-Za-z0-9_*-]+$/

/**
 * Checks the options and fills in the defaults of the service.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 */
export function resolveOptions(id: string, options: AwsSigV4Options): Settings {
  checkOptions(id, options, rules)
  if (typeof options.credentials !== 'function') checkOptions(id, options.credentials, credentialRules)
  const { service, region, placement = 'header', expiresIn = 900 } = options
  for (const [name, value] of [
    ['service', service],
    ['region', region],
  ] as const)
    if (!scopeName.test(value))
      throw invalid(
        `option ${name} holds a character that a credential scope cannot. Use letters, digits and "-".`,
      )
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > longestExpiry)
    throw invalid(`option expiresIn must be a whole number of seconds from 1 to ${longestExpiry}.`)
  const { chunkSize = 262_144, checksum = 'crc32' } = options
  if (!Number.isInteger(chunkSize) || chunkSize < smallestChunk)
    throw invalid(`option chunkSize must be a whole number of bytes, at least ${smallestChunk}.`)
  const ofService = rulesOf(service)
  const normalizePath = options.normalizePath ?? !ofService.objectPath
  const doubleEncode = options.doubleEncode ?? !ofService.objectPath
  const payload = options.payload ?? defaultPayload(ofService.unsignedPayload, placement)
  if (placement === 'query' && isChunked(payload))
    throw invalid(`payload '${payload}' needs headers. Use placement 'header'.`)
  const wantsHash = options.contentSha256Header ?? (ofService.contentSha256Header || payload !== 'hash')
  return {
    credentials: options.credentials,
    service,
    region,
    placement,
    expiresIn,
    path: { normalizePath, doubleEncode, decodeSlash: ofService.objectPath && !doubleEncode },
    signSessionToken: options.signSessionToken ?? true,
    signedHeaders: choiceOf(options.signedHeaders),
    payload,
    chunkSize,
    checksum,
    contentSha256Header: placement === 'header' && wantsHash,
    contentSha256Query:
      placement === 'query' && payload === 'hash' && ofService.unsignedPayload === 'presigned',
    clockOffsetMs: options.clockOffsetMs ?? 0,
  }
}

/** Whether a payload is encoded in chunks. */
export function isChunked(payload: PayloadMode): payload is ChunkedMode {
  return payload !== 'hash' && payload !== 'unsigned'
}

function defaultPayload(
  unsigned: 'never' | 'presigned' | 'always',
  placement: 'header' | 'query',
): PayloadMode {
  return unsigned === 'always' || (unsigned === 'presigned' && placement === 'query') ? 'unsigned' : 'hash'
}

function choiceOf(names: AwsSigV4Options['signedHeaders']): SignedHeaderChoice {
  if (names === 'all') return 'all'
  for (const name of names ?? [])
    if (typeof name !== 'string' || name === '') throw invalid('option signedHeaders must hold header names.')
  return new Set((names ?? []).map((name) => name.toLowerCase()))
}

function invalid(message: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `aws-sigv4: ${message}`)
}
