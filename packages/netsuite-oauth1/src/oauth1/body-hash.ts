import { type ResolvedRequest, whenReady } from '@ez/core'
import { encodeRfc3986, type HashAlgorithm, hashBody } from '@ez/core/crypto'
import { unsignable } from '../parameters/form-text.ts'

/**
 * `oauth_body_hash`, percent-encoded (OAuth Request Body Hash 1.0 draft 4, section 3.2).
 *
 * The hash is that of the signature method; a request without a body has the hash of no bytes.
 */
export function createBodyHash(
  id: string,
  algorithm: HashAlgorithm,
  request: ResolvedRequest,
): string | Promise<string> {
  const body = request.body ?? new Uint8Array()
  if (!(body instanceof Uint8Array)) throw unsignable(id, 'a stream cannot be hashed before it is sent')
  return whenReady(hashBody(algorithm, body, 'base64'), encodeRfc3986)
}
