import { type Body, EzError } from '@ez/core'
import { hashBody, sha256 } from '@ez/core/crypto'
import type { PayloadMode } from './options.ts'

/** Stands in place of a hash where the body is not signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/**
 * The last line of the canonical request: the hex SHA-256 of the body, or a marker.
 *
 * @throws EZ_BODY_UNSIGNABLE for a stream, whose hash is not known before it is sent
 */
export function payloadHash(body: Body | null, mode: PayloadMode): string | Promise<string> {
  if (mode === 'unsigned') return unsignedPayload
  if (body === null) return emptyHash
  if (body instanceof Uint8Array) return body.length === 0 ? emptyHash : hashBody(sha256, body, 'hex')
  throw new EzError(
    'EZ_BODY_UNSIGNABLE',
    "aws-sigv4: the body is a stream, whose hash is not known before it is sent. Set payload to 'chunks' or 'unsigned', or give bytes.",
  )
}
