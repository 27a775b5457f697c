import { EzError, type ResolvedRequest } from '@ez/core'

const formType = /^application\/x-www-form-urlencoded[ \t]*(?:;|$)/i

/**
 * The body as text when it is a form, whose pairs are signed (RFC 5849 section 3.4.1.3.1).
 *
 * @returns `undefined` for every other body: its bytes are not part of the signature
 * @throws EZ_BODY_UNSIGNABLE for a form that is a stream or not UTF-8
 */
export function formText(id: string, { headers, body }: ResolvedRequest): string | undefined {
  if (!headers.some(([name, value]) => name === 'content-type' && formType.test(value))) return undefined
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    return decoder.decode((body as Uint8Array | null) ?? undefined)
  } catch {
    throw unsignable(id, 'a form must be UTF-8, and no stream')
  }
}

export function unsignable(id: string, reason: string): EzError {
  return new EzError('EZ_BODY_UNSIGNABLE', `${id}: ${reason}. Give it as bytes.`)
}
