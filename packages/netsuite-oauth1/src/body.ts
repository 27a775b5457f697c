import { EzError, type ResolvedRequest } from '@ez/core'
import { encodeRfc3986, type HashAlgorithm, hashBody, utf8 } from '@ez/core/crypto'

const formType = /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The body as text when it is a form, whose pairs are signed (RFC 5849 section 3.4.1.3.1).
 *
 * @returns `undefined` for every other body: its bytes are not part of the signature
 * @throws EZ_BODY_UNSIGNABLE for a form that is a stream or not UTF-8
 */
export function formText(id: string, request: ResolvedRequest): string | undefined {
  let isForm = false
  for (const [name, value] of request.headers) if (name === 'content-type') isForm = formType.test(value)
  if (!isForm) return undefined
  if (request.body === null) return ''
  if (request.body instanceof Uint8Array)
    try {
      return strictDecoder.decode(request.body)
    } catch {
      throw unsignable(id, 'the form body is not UTF-8. Percent-encode it.')
    }
  throw unsignable(id, 'a form body is signed and cannot be a stream. Give it as { form } or as bytes.')
}

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
  if (!(body instanceof Uint8Array))
    throw unsignable(
      id,
      'a stream cannot be hashed before it is sent. Give the body as bytes or set bodyHash to false.',
    )
  const digest = hashBody(algorithm, body, 'base64')
  return typeof digest === 'string' ? encodeRfc3986(digest) : digest.then(encodeRfc3986)
}

/** A form body with encoded parameters behind its own. */
export function appendToForm(form: string, parameters: string): Uint8Array {
  return utf8(form === '' ? parameters : `${form}&${parameters}`)
}

function unsignable(id: string, reason: string): EzError {
  return new EzError('EZ_BODY_UNSIGNABLE', `${id}: ${reason}`)
}
