import { toBase64, toHex, utf8 } from '#crypto'
import { reveal, type Secret } from '../base/secret.ts'
import { escapeJson } from '../values/json.ts'
import { encodings, readEscapes, type UnescapedText } from './escapes.ts'

/** What stands where a secret stood. */
export const mark = '***'

/** Shorter secrets are masked only where they are a whole value: they would hide innocent text. */
export const shortestInText = 6

// JSON in a query in JSON, which a log quotes.
const mostLevels = 4
// Of one UTF-16 unit: three bytes, percent-encoded three times.
const longestEncoded = 21

type Range = readonly [from: number, to: number]

/** Replaces secrets in texts, in every form in which they may appear. */
export class Mask {
  readonly #whole: ReadonlySet<string>
  readonly #forms: ReadonlySet<string>
  /** The most characters, and bytes, that a secret takes. */
  readonly longest: number

  constructor(secrets: Iterable<string>) {
    const whole = new Set(secrets)
    whole.delete('')
    const forms = new Set<string>()
    let longest = 0
    for (const value of whole) {
      for (const form of formsOf(value)) forms.add(fold(form))
      longest = Math.max(longest, value.length * longestEncoded)
    }
    this.#whole = whole
    this.#forms = forms
    this.longest = longest
  }

  /**
   * The text without secrets, up to a position in it; a secret across the position is masked whole. `hidden` gives what
   * stands for what was found.
   */
  apply(text: string, end: number = text.length, hidden: (found: string) => string = () => mark): string {
    if (this.#whole.has(text)) return hidden(text)
    let shown = ''
    let position = 0
    for (const [from, to] of this.#find(text)) {
      if (from >= end) break
      shown += text.slice(position, from) + hidden(text.slice(from, to))
      position = to
    }
    return shown + text.slice(position, end)
  }

  /** Where secrets stand, as they are and behind escapes of URLs and JSON, in any mixture. */
  #find(text: string): Range[] {
    const found: Range[] = []
    const read = new Set<string>()
    const visit = (current: string, levels: number, sourceOf: UnescapedText['sourceOf']): void => {
      if (read.has(current)) return
      read.add(current)
      for (const range of this.#search(fold(current))) found.push(sourceOf(...range))
      for (const encoding of levels === 0 ? [] : encodings) {
        const inner = readEscapes(current, encoding)
        if (inner) visit(inner.text, levels - 1, (from, to) => sourceOf(...inner.sourceOf(from, to)))
      }
    }
    if (this.#forms.size > 0) visit(text, mostLevels, (from, to) => [from, to])
    const apart: [number, number][] = []
    for (const [from, to] of found.sort(([left], [right]) => left - right)) {
      const last = apart.at(-1)
      // What overlaps is hidden by one mark.
      if (last && from < last[1]) last[1] = Math.max(last[1], to)
      else apart.push([from, to])
    }
    return apart
  }

  *#search(text: string): Iterable<Range> {
    for (const form of this.#forms)
      for (let from = text.indexOf(form), to = 0; from >= 0; from = text.indexOf(form, to)) {
        to = from + form.length
        if (form.length >= shortestInText || isWholeValue(text, from, to)) yield [from, to]
      }
  }
}

/**
 * Hides secrets in texts, in every form in which a request may hold them. For sandboxes.
 *
 * `hidden` gives what stands for what was found, which may be an encoded form. A secret shorter than six characters is
 * hidden only where it is a whole value.
 *
 * @example
 * ```ts
 * import { secret, secretHider } from '@ez/core'
 *
 * const hide = secretHider([secret('a b c d')], () => 'hidden')
 * hide('https://api.example.com/?key=a%20b%20c%20d') // 'https://api.example.com/?key=hidden'
 * ```
 */
export function secretHider(
  secrets: readonly Secret[],
  hidden: (found: string) => string,
): (text: string) => string {
  const mask = new Mask(secrets.map((secret) => reveal(secret)))
  return (text) => mask.apply(text, undefined, hidden)
}

/** Whether a header's value, that of a pair in a query or form, or a JSON text stands here. */
function isWholeValue(text: string, from: number, to: number): boolean {
  return (
    /(?:["=]|[:=→] )$/.test(text.slice(Math.max(0, from - 2), from)) &&
    /^(?:["'&\s\\]|$)/.test(text.slice(to))
  )
}

/** A text in which what differs between writers is one: case, spaces in forms, both alphabets of base64. */
function fold(text: string): string {
  // No letter may take another length, or depend on its neighbours.
  const lower = text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ')
  return lower.replaceAll('+', ' ').replaceAll('-', ' ').replaceAll('_', '/')
}

/**
 * Raw, and hex and base64 (all alignments) of it and of what JSON makes of it; and what the parts of a request make of
 * it: headers trim, URLs are in wire form.
 */
function formsOf(value: string): Set<string> {
  if (value.length < shortestInText) return new Set([value])
  const forms = new Set([value, value.trim()])
  // As a base URL; or as a host, if it is nothing else: the first part of a key would hide innocent text.
  if (/^https?:\/\//i.test(value)) {
    if (URL.canParse(value)) forms.add(new URL(value).href)
  } else if (URL.canParse(`https://${value}`)) {
    const { href, host } = new URL(`https://${value}`)
    if (href === `https://${host}/`) forms.add(host)
  }
  if (value.isWellFormed())
    for (const text of new Set([value, escapeJson(value)])) {
      const bytes = utf8(text)
      forms.add(toHex(bytes))
      // Whole, so that nothing of its last character is left.
      forms.add(toBase64(bytes))
      for (const alignment of [0, 1, 2]) {
        const shifted = new Uint8Array(alignment + bytes.length)
        shifted.set(bytes, alignment)
        // The first characters depend on what stands before, the last one on what follows.
        forms.add(
          toBase64(shifted).slice(Math.ceil((alignment * 8) / 6), Math.floor((shifted.length * 8) / 6)),
        )
      }
    }
  for (const form of forms) if (form.length < shortestInText) forms.delete(form)
  return forms
}
