import { toBase64, utf8 } from '#crypto'
import { EzError } from '../base/error.ts'
import type { CurlOptions } from '../contract/prepared.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Mask } from '../masking/mask.ts'
import { decodeUtf8, maskHeaders, maskUrl } from '../trace/show.ts'

const quotes: Record<'posix' | 'powershell', (text: string) => string> = {
  posix: (text) => (/^[A-Za-z0-9_\-./:=@%,+]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`),
  // Single quotes are literal in PowerShell but for themselves; since 7.3 double quotes inside reach a program unchanged.
  powershell: (text) => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`,
}

// Bytes of one argument on Linux (131,072), and characters of a whole command line on Windows (32,767), with room.
const longestArgument = { posix: 120_000, powershell: 16_000 }

/**
 * A cURL command line for a request.
 *
 * Text bodies are given as text, long ones through a pipe, others as base64 through a pipe or a file; headers that curl would add are
 * switched off. A stream is read from standard input.
 */
export function curlLine(request: ResolvedRequest, options: CurlOptions, mask: Mask): string {
  const shell = options.shell ?? 'posix'
  if (!Object.hasOwn(quotes, shell))
    throw new EzError('EZ_OPTION_INVALID', 'shell: it must be posix or powershell.')
  const quote = quotes[shell]
  const shown = (text: string): string => (options.mask ? mask.apply(text) : text)
  const url = options.mask ? maskUrl(request.url, mask) : request.url
  const parts = ['curl']
  if (url.includes('[')) parts.push('--globoff')
  if (request.method === 'HEAD') parts.push('--head')
  else parts.push('--request', quote(shown(request.method)))
  parts.push('--url', quote(url))
  const headers = options.mask ? maskHeaders(request.headers, mask) : request.headers
  // curl drops a header that ends with a colon, and sends an empty one for a semicolon.
  for (const [name, value] of headers)
    parts.push('--header', quote(value === '' ? `${name};` : `${name}: ${value}`))
  const { body } = request
  if (body === null) return parts.join(' ')
  if (!request.headers.some(([name]) => name === 'content-type'))
    parts.push('--header', quote('content-type:'))
  if (!(body instanceof Uint8Array))
    return [...parts, '--header', quote('expect:'), '--data-binary', quote('@-')].join(' ')
  if (body.length > 1_000_000) parts.push('--header', quote('expect:'))
  const text = decodeUtf8(body)
  if (
    text !== undefined &&
    !text.includes('\0') &&
    // Windows gives a program other characters in its code page, which curl sends.
    (shell === 'posix' || (/^[\0-\x7f]*$/.test(text) && !(/[\r\n]/.test(text) && text.includes('"'))))
  ) {
    const quoted = quote(shown(text))
    if (body.length <= longestArgument[shell]) return [...parts, '--data-raw', quoted].join(' ')
    // The shell itself takes texts of any length.
    if (shell === 'posix') return `printf %s ${quoted} | ${[...parts, '--data-binary', '@-'].join(' ')}`
  }
  const data = text === undefined ? shown(toBase64(body)) : toBase64(utf8(shown(text)))
  parts.push('--data-binary')
  return shell === 'posix'
    ? `printf %s ${quote(data)} | base64 -d | ${[...parts, '@-'].join(' ')}`
    : `$body = New-TemporaryFile; [IO.File]::WriteAllBytes($body, [Convert]::FromBase64String(${quote(data)})); ${parts.join(' ')} "@$body"; Remove-Item $body`
}
