import type { ResolvedRequest } from '../contract/request.ts'
import { ensure } from './compare.ts'
import type { SignedPart } from './subject.ts'

/** A change that somebody on the way could make to a signed request. */
export interface Tampering {
  readonly title: string
  /** The part that it changes; none for the signature itself, which must never change. */
  readonly part?: SignedPart
  readonly request: ResolvedRequest
}

/**
 * Every change that is worth trying on a signed request.
 *
 * @param written the headers that the signer wrote
 * @param signature the text of its stage, when it has one
 */
export function tamperings(
  signed: ResolvedRequest,
  written: readonly string[],
  signature: string | undefined,
): Tampering[] {
  const list: Tampering[] = []
  const { method, url, headers, body } = signed
  const [, head = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(url) ?? []
  const rest = query === undefined ? '' : `?${query}`
  const change = (title: string, part: SignedPart | undefined, changes: Partial<ResolvedRequest>): void => {
    list.push({ title, ...(part === undefined ? {} : { part }), request: { ...signed, ...changes } })
  }

  change('another method', 'method', { method: method === 'DELETE' ? 'PUT' : 'DELETE' })
  change('a longer path', 'path', { url: `${head}x${rest}` })
  change('a query parameter added', 'query', {
    url: `${url}${query === undefined ? '?' : '&'}tampered=1`,
  })
  if (body instanceof Uint8Array && body.length > 0) {
    const bytes = Uint8Array.from(body)
    bytes[0] = (bytes[0] as number) ^ 1
    change('one bit of the body', 'body', { body: bytes })
  }
  for (const [name, value] of headers)
    if (!written.includes(name))
      change(`another value of ${name}`, `header:${name}`, {
        headers: headers.map((pair) => (pair[0] === name ? [name, `${value}x`] : pair)),
      })

  for (const name of written)
    change(`no ${name}`, undefined, { headers: headers.filter((pair) => pair[0] !== name) })
  if (signature) {
    // The first character of hex and base64 holds significant bits only.
    const other = (/^[0Aa]/.test(signature) ? 'B' : 'A') + signature.slice(1)
    const forms = [signature, encodeURIComponent(signature)]
    const places = [url, ...headers.filter(([name]) => written.includes(name)).map(([, value]) => value)]
    ensure(
      places.some((text) => forms.some((form) => text.includes(form))),
      'The stage signature is not what is sent. Show it in the form in which it stands in the request.',
    )
    const replaced = (text: string): string => {
      const form = forms.find((one) => text.includes(one))
      return form === undefined
        ? text
        : text.replace(form, form === signature ? other : encodeURIComponent(other))
    }
    change('another signature', undefined, {
      url: replaced(url),
      headers: headers.map(([name, value]) =>
        written.includes(name) ? [name, replaced(value)] : [name, value],
      ),
    })
  }
  return list
}
