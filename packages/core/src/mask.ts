import { encodeRfc3986, toBase64, toHex, utf8 } from '@ez/core/crypto'
import { escapeJson } from './json.ts'
import { quoteParameter } from './quote-parameter.ts'

/** What stands where a secret stood. */
export const mark = '***'

/** Shorter secrets are masked only where they are a whole value: they would hide innocent text. */
export const shortestInText = 6

/** Replaces secrets in texts, in every form in which they may appear. */
export class Mask {
  readonly #whole: ReadonlySet<string>
  readonly #pattern: RegExp | undefined
  /** Characters of the longest form. */
  readonly longest: number

  constructor(secrets: Iterable<string>) {
    const whole = new Set(secrets)
    whole.delete('')
    const forms = new Set<string>()
    for (const value of whole)
      if (value.length >= shortestInText) for (const form of formsOf(value)) forms.add(form)
    const sorted = [...forms].sort((left, right) => right.length - left.length)
    this.#whole = whole
    this.longest = sorted[0]?.length ?? 0
    this.#pattern =
      sorted.length === 0
        ? undefined
        : new RegExp(sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
  }

  /** The text without secrets. */
  apply(text: string): string {
    if (this.#whole.has(text)) return mark
    return this.#pattern ? text.replace(this.#pattern, mark) : text
  }
}

/**
 * Raw, base64 (all alignments, both alphabets), hex, percent-encoded once and twice, JSON-escaped; and what the parts of
 * a request make of it: headers trim, names and hosts are in one case, multipart quotes.
 */
function formsOf(value: string): Set<string> {
  const escaped = escapeJson(value)
  const forms = new Set([
    value,
    escaped,
    escapeJson(escaped),
    value.trim(),
    value.toLowerCase(),
    value.toUpperCase(),
    quoteParameter(value),
  ])
  // As a base URL, whose scheme and host are brought into wire form.
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) forms.add(new URL(value).href)
  forms.add([...value].map((character) => asciiJson(character)).join(''))
  if (!value.isWellFormed()) return forms
  const percent = encodeRfc3986(value)
  const keepingSlash = percent.replaceAll('%2F', '/')
  for (const encoded of [
    percent,
    keepingSlash,
    encodeURIComponent(value),
    encodeURI(value),
    percent.replaceAll('%20', '+'),
  ]) {
    forms.add(encoded)
    forms.add(encoded.replace(/%[0-9A-F]{2}/g, (triplet) => triplet.toLowerCase()))
  }
  forms.add(encodeRfc3986(percent))
  forms.add(encodeRfc3986(percent).replaceAll('%252F', '/'))
  const bytes = utf8(value)
  forms.add(toHex(bytes))
  forms.add(toHex(bytes).toUpperCase())
  for (const alignment of [0, 1, 2]) {
    const shifted = new Uint8Array(alignment + bytes.length)
    shifted.set(bytes, alignment)
    // The first characters depend on what stands before, the last one on what follows.
    const own = toBase64(shifted).slice(Math.ceil((alignment * 8) / 6), Math.floor((shifted.length * 8) / 6))
    forms.add(own)
    forms.add(own.replaceAll('+', '-').replaceAll('/', '_'))
  }
  for (const form of forms) if (form.length < shortestInText) forms.delete(form)
  return forms
}

function asciiJson(character: string): string {
  if (character <= '\u007f') return escapeJson(character)
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

/** Headers whose values are masked whole. */
export const sensitiveHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-amz-security-token',
  'x-amz-access-token',
  'x-amz-s3session-token',
  // Keys that a client gives a store to encrypt with: S3's SSE-C, and Azure's customer-provided keys.
  'x-amz-server-side-encryption-customer-key',
  'x-amz-copy-source-server-side-encryption-customer-key',
  'x-ms-encryption-key',
  'x-ms-copy-source-authorization',
])
