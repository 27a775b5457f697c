import { EzError } from '../base/error.ts'
import { memo } from '../base/memo.ts'

/** A name or a method, as HTTP has them (RFC 9110 section 5.6.2). */
export const tokenPattern: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Printable ASCII, with no space at its edges.
const valuePattern = /^(?:[!-~](?:[ -~]*[!-~])?)?$/
// fetch drops, changes or refuses these: most belong to the connection; Node sets its own sec-fetch-mode, and keeps
// headers in an object.
const reserved: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'expect',
  'keep-alive',
  'upgrade',
  'sec-fetch-mode',
  '__proto__',
])

/**
 * A header in wire form: lower-case name, trimmed value.
 *
 * Messages name the header and never its value.
 *
 * @throws EZ_HEADER_INVALID for a name that is no token or a value that is not printable ASCII
 * @throws EZ_HEADER_NOT_SENDABLE for a header that `fetch` does not send as given
 */
export function wireHeader(name: string, value: string): [name: string, value: string] {
  if (typeof name !== 'string' || typeof value !== 'string')
    throw new EzError('EZ_HEADER_INVALID', `headers.${String(name)}: name and value must be strings.`)
  const lower = wireName(name)
  if (valuePattern.test(value)) return [lower, value]
  const trimmed = value.trim()
  // What trim takes away besides spaces and tabs must not go unnoticed.
  if (!valuePattern.test(trimmed) || !/^[\t -~]*$/.test(value))
    throw new EzError(
      'EZ_HEADER_INVALID',
      `headers.${lower}: the value holds ${/[\r\n]/.test(value) ? 'a line break' : 'a character that is not printable ASCII'}. Encode it or remove it.`,
    )
  return [lower, trimmed]
}

const wireName = /* @__PURE__ */ memo<string>((name) => {
  const lower = name.toLowerCase()
  if (!tokenPattern.test(name))
    throw new EzError('EZ_HEADER_INVALID', `headers: ${JSON.stringify(name)} is not a header name.`)
  if (reserved.has(lower)) throw notSendable(lower, 'fetch sets or refuses this header itself')
  return lower
})

/** Why a header cannot be sent as it is given. */
export const notSendable = (name: string, why: string): EzError =>
  new EzError('EZ_HEADER_NOT_SENDABLE', `headers.${name}: ${why}. Leave it out.`)

/** What `fetch` puts between the values of a repeated header, whose name is in lower case. */
export const separatorOf = (name: string): string => (name === 'cookie' ? '; ' : ', ')

/** Adds a header in wire form; one of the same name is joined to it, as `fetch` joins them. */
export function addHeader(headers: [string, string][], name: string, value: string): void {
  const pair = wireHeader(name, value)
  for (const same of headers)
    if (same[0] === pair[0]) {
      same[1] += separatorOf(same[0]) + pair[1]
      return
    }
  headers.push(pair)
}
