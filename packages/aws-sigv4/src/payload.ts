import { type Body, EzError } from '@ez/core'
import { hash, hashBody, sha256 } from '@ez/core/crypto'
import type { PayloadMode } from './options.ts'

/** Stands in place of a hash where the body is not signed. */
export const unsignedPayload = 'UNSIGNED-PAYLOAD'

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
