import type { OptionRule } from '@ez/core'
import { type AwsSigV4Options, invalid, type PayloadMode, resolveOptions, type Settings } from './options.ts'
import { rulesOf } from './services.ts'
import type { ChecksumAlgorithm, ChunkedMode } from './streaming/modes.ts'

/** The settings of a signer that presigns and cuts into chunks as well. */
export interface FullSettings extends Settings {
  readonly expiresIn: number
  readonly chunkSize: number
  readonly checksum: ChecksumAlgorithm
  /** `X-Amz-Content-Sha256` as a query parameter: S3 takes any other presigned body for unsigned. */
  readonly contentSha256Query: boolean
}

// Amazon S3 API Reference, "Authenticating requests: using query parameters": a week.
const longestExpiry = 604_800
// Amazon S3 API Reference, "Transferring payload in multiple chunks (chunked upload)".
const smallestChunk = 8192

/** Options of presigned requests. */
const presignRules: Readonly<Record<string, OptionRule>> = {
  placement: "'header'|'query'?",
  expiresIn: 'number?',
}

const fullRules: Readonly<Record<string, OptionRule>> = {
  payload: "'hash'|'unsigned'|'chunks'|'chunks-trailer'|'unsigned-trailer'?",
  chunkSize: 'number?',
  sessionTokenName: "'x-amz-security-token'|'x-amz-s3session-token'?",
  checksum: "'crc32'|'crc32c'|'crc64nvme'|'sha1'|'sha256'?",
}

/**
 * Checks all options that there are, presigning and chunked upload among them.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 */
export function resolveAllOptions(id: string, options: AwsSigV4Options): FullSettings {
  const settings = resolvePresignOptions(id, options, fullRules)
  const { payload, placement, chunkSize } = settings
  if (!Number.isInteger(chunkSize) || chunkSize < smallestChunk)
    throw invalid(id, 'chunkSize', `a whole number of bytes, at least ${smallestChunk}`)
  if (placement === 'query' && isChunked(payload))
    throw invalid(id, 'placement', `'header' for the payload '${payload}', which needs headers`)
  if (isChunked(payload) && !settings.contentSha256Header)
    throw invalid(id, 'contentSha256Header', `true for the payload '${payload}', which it announces`)
  return settings
}

/**
 * Checks the options of header and presigned requests.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING
 */
export function resolvePresignOptions(
  id: string,
  options: AwsSigV4Options,
  more?: Readonly<Record<string, OptionRule>>,
): FullSettings {
  const settings = resolveOptions(id, options, { ...presignRules, ...more })
  const { placement, payload, service } = settings
  const { expiresIn = 900, chunkSize = 262_144, checksum = 'crc32' } = options
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > longestExpiry)
    throw invalid(id, 'expiresIn', `a whole number of seconds from 1 to ${longestExpiry}`)
  const contentSha256Query =
    placement === 'query' && payload === 'hash' && rulesOf(service).unsignedPayload === 'presigned'
  return { ...settings, expiresIn, chunkSize, checksum, contentSha256Query }
}

/** Whether a payload is encoded in chunks. */
export function isChunked(payload: PayloadMode): payload is ChunkedMode {
  return payload !== 'hash' && payload !== 'unsigned'
}
