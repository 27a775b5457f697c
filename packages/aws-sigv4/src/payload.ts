import { type Body, EzError, type Pairs } from '@ez/core'
import { hash, hashBody, sha256 } from '@ez/core/crypto'
import type { PayloadMode } from './options.ts'

/** Stands in place of a hash where the body is not signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

const unsignedFrames = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

let emptyHash: string | undefined

/**
 * The last line of the canonical request: the hex SHA-256 of the body, or a marker.
 *
 * @throws EZ_BODY_UNSIGNABLE for a stream, whose hash is not known before it is sent
 */
export function payloadHash(body: Body | null, mode: PayloadMode): string | Promise<string> {
  if (mode === 'unsigned') return unsignedPayload
  if (body instanceof Uint8Array && body.length > 0) return hashBody(sha256, body, 'hex')
  if (body !== null && !(body instanceof Uint8Array))
    throw new EzError(
      'EZ_BODY_UNSIGNABLE',
      "aws-sigv4: a stream has no hash before it is sent. Set payload to 'chunks' or 'unsigned', or give bytes.",
    )
  emptyHash ??= hash(sha256, '', 'hex')
  return emptyHash
}

/**
 * The hash or marker that the caller sends as `x-amz-content-sha256`, which the service reads in place of ours.
 *
 * A body that is `aws-chunked` already holds frames, which S3 would store as content under any hash of ours, and
 * signatures of chunks that continue an older one: of these, only the marker of unsigned frames can be signed again.
 *
 * @param isReplaced whether the signer sends a hash of its own in its place
 * @throws EZ_BODY_UNSIGNABLE for a body that is chunked already
 */
export function sentHash(headers: Pairs, isReplaced: boolean): string | undefined {
  let sent: string | undefined
  let isFramed = false
  for (const [name, value] of headers) {
    const { length } = name
    if (length !== 20 && length !== 16 && length !== 28 && length !== 13) continue
    const lower = name.toLowerCase()
    if (lower === 'x-amz-content-sha256') sent ??= value
    else if (lower === 'content-encoding') isFramed ||= /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(value)
    else if (lower === 'x-amz-decoded-content-length' || lower === 'x-amz-trailer') isFramed = true
  }
  isFramed ||= sent?.startsWith('STREAMING-') === true
  if (isFramed && (isReplaced || sent !== unsignedFrames))
    throw new EzError(
      'EZ_BODY_UNSIGNABLE',
      'aws-sigv4: the body is aws-chunked already, and its frames would be signed as content. Sign the request as it was before, with one of the chunked payloads; a marker of unsigned frames is kept with contentSha256Header false.',
    )
  return isReplaced ? undefined : sent
}
