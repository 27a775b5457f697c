import { hash, sha256, toBase64 } from '#crypto'
import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'
import { type Mask, mark } from '../masking/mask.ts'
import { isSensitiveInQuery, sensitiveHeader, sensitiveQuery } from '../masking/sensitive-names.ts'

const shownBytes = 1024
const strict = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A header's value as it is shown. */
export function maskHeader(name: string, value: string, mask: Mask): string {
  return sensitiveHeader.test(name) ? mark : mask.apply(value)
}

/** The value of a pair in a query as it is shown. */
export function maskInQuery(name: string, value: string, mask: Mask): string {
  return isSensitiveInQuery(name) ? mark : mask.apply(value)
}

/** A URL as it is shown. */
export function maskUrl(url: string, mask: Mask): string {
  return mask.apply(url.replace(sensitiveQuery, `$1${mark}`))
}

/** Headers as they are shown. */
export function maskHeaders(headers: Pairs, mask: Mask): [string, string][] {
  return headers.map(([name, value]) => [mask.apply(name), maskHeader(name, value, mask)])
}

/** The text of bytes that are UTF-8, else `undefined`. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** A body as data, masked when a mask is given; streams are not read. */
export function bodyData(
  body: Body | null,
  mask?: Mask,
): { encoding: 'utf8' | 'base64' | 'stream'; data: string } | null {
  if (body === null) return null
  if (!(body instanceof Uint8Array)) return { encoding: 'stream', data: '' }
  const text = decodeUtf8(body)
  if (text !== undefined) return { encoding: 'utf8', data: mask ? mask.apply(text) : text }
  return { encoding: 'base64', data: mask ? mask.apply(toBase64(body)) : toBase64(body) }
}

/** A request as it is shown in a trace: line, headers, then length, SHA-256 and start of the body. */
export function describeRequest(request: ResolvedRequest, mask: Mask): string {
  const lines = [`${mask.apply(request.method)} ${maskUrl(request.url, mask)}`]
  for (const [name, value] of maskHeaders(request.headers, mask)) lines.push(`${name}: ${value}`)
  const { body } = request
  if (body instanceof Uint8Array) lines.push('', ...showBytes(body, mask))
  else if (body !== null) lines.push('', `(stream of ${request.bodyLength ?? 'unknown'} bytes)`)
  return lines.join('\n')
}

function showBytes(body: Uint8Array, mask: Mask): string[] {
  const summary = `(${body.length} bytes, sha256 ${hash(sha256, body, 'hex')})`
  if (body.length === 0) return [summary]
  // Enough more than is shown, so that a secret across the edge is masked whole.
  const start = firstCharacters(body, shownBytes + mask.longest)
  const text = decodeUtf8(start)
  const shown =
    text === undefined
      ? mask.apply(toBase64(start), Math.ceil((shownBytes * 4) / 3))
      : mask.apply(text, decodeUtf8(firstCharacters(start, shownBytes))?.length)
  return [summary, body.length > shownBytes ? `${shown}…` : shown]
}

// So many bytes at the most, without a character that the cut would go through.
function firstCharacters(bytes: Uint8Array, most: number): Uint8Array {
  let end = Math.min(bytes.length, most)
  while (end > most - 4 && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1
  return bytes.subarray(0, end)
}
