import { joinBytes } from '../base/bytes.ts'
import { EzError } from '../base/error.ts'

/** The whole body, up to a number of bytes. @throws EZ_BODY_TOO_LARGE, EZ_BODY_INVALID when it breaks off */
export async function readBytes(
  verifier: string,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
  maxBodyBytes: number,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) {
    checkLength(verifier, body.length, maxBodyBytes)
    return body
  }
  const reader = body.getReader()
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw brokenOff(verifier, cause)
    })
    if (done) return joinBytes(parts)
    if (!(value instanceof Uint8Array))
      throw brokenOff(verifier, new TypeError('It gave something else than bytes.'))
    length += value.length
    if (length > maxBodyBytes) {
      // Not awaited: a branch of a cloned body settles its cancel only when the caller's branch has ended too.
      reader.cancel().catch(() => undefined)
      checkLength(verifier, length, maxBodyBytes)
    }
    parts.push(value)
  }
}

/** @throws EZ_BODY_TOO_LARGE */
export function checkLength(verifier: string, length: number, maxBodyBytes: number): void {
  if (length > maxBodyBytes)
    throw new EzError('EZ_BODY_TOO_LARGE', `${verifier}: the body is larger than ${maxBodyBytes} bytes.`)
}

function brokenOff(verifier: string, cause: unknown): EzError {
  if (EzError.isInstance(cause)) return cause
  return new EzError('EZ_BODY_INVALID', `${verifier}: the body broke off while it was read. See cause.`, {
    cause,
  })
}
