import { EzError } from '@ez/core'
import { type ImportedRequest, literal, pairsValue, textBody } from '../imported/imported-request.ts'
import type { RequestValue } from '../model/request-value.ts'

/** How a request that was copied from the wire is read. */
export interface RawRequestOptions {
  /** The scheme of a request that names only its path: `https` when left out. */
  readonly scheme?: 'http' | 'https'
}

// The sender writes these itself, from the URL and the body.
const ofSender = /^(?:host|content-length|connection|transfer-encoding|expect|proxy-connection)$/i

/**
 * Reads one request as it stands on the wire, as logs and proxies show it: request line, headers, an empty line, body.
 *
 * Lines may end with CRLF or LF. The body is kept to the character; everything is literal text, so `{{name}}` stays what
 * it is. HTTP/2 dumps with `:method`, `:path` and `:authority` are read as well.
 *
 * @throws EZ_IMPORT_INVALID when there is no request line, no host, or a header without a colon
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3
 * @example
 * const { request } = readRawRequest('GET /orders?limit=1 HTTP/1.1\r\nHost: api.example.com\r\n\r\n')
 * request.url // 'https://api.example.com/orders?limit=1'
 */
export function readRawRequest(text: string, { scheme = 'https' }: RawRequestOptions = {}): ImportedRequest {
  const whole = text.replace(/^(?:[ \t]*\r?\n)+/, '')
  const end = /\r?\n\r?\n/.exec(whole)
  const head = (end ? whole.slice(0, end.index) : whole).replace(/\r?\n$/, '').split(/\r?\n/)
  const content = end ? whole.slice(end.index + end[0].length) : ''
  const pseudo = new Map<string, string>()
  const line = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+)(?: HTTP\/[\d.]+)?$/.exec((head[0] as string).trim())
  const headers: [string, string][] = []
  for (const entry of line ? head.slice(1) : head) {
    const [, name, value] = /^(:?[^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(entry) ?? []
    if (name === undefined || value === undefined)
      throw new EzError(
        'EZ_IMPORT_INVALID',
        `The request holds "${entry}", which is no header: "name: value".`,
      )
    if (name.startsWith(':')) pseudo.set(name, value)
    else headers.push([name, value])
  }
  const method = line?.[1] ?? pseudo.get(':method')
  const target = line?.[2] ?? pseudo.get(':path')
  if (method === undefined || target === undefined)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'There is no request line, such as "GET /orders HTTP/1.1", at the start of the text.',
    )
  const host = pseudo.get(':authority') ?? headers.find(([name]) => /^host$/i.test(name))?.[1]
  const contentType = headers.find(([name]) => /^content-type$/i.test(name))?.[1]
  const sent = headers.filter(([name]) => !ofSender.test(name))
  const chunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && /chunked/i.test(value))
  const request: RequestValue = {
    method: method.toUpperCase(),
    url: literal(urlOf(target, host, pseudo.get(':scheme') ?? scheme)),
    ...(sent.length > 0 && { headers: pairsValue(sent.map(([name, value]) => [name, literal(value)])) }),
    // A type that is written is not written once more.
    ...(content !== '' && { body: textBody(content, contentType ?? 'text/plain') }),
  }
  return {
    request,
    notes: chunked && content !== '' ? ['The body may stand in chunks: write it as one text.'] : [],
  }
}

function urlOf(target: string, host: string | undefined, scheme: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return target
  if (host === undefined || host === '')
    throw new EzError('EZ_IMPORT_INVALID', 'The request names no host: add the header "Host".')
  return `${scheme}://${host}${target.startsWith('/') ? target : `/${target}`}`
}
