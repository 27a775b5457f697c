import { EzError } from '@ez/core'
import {
  encodeRfc3986,
  fromBase64,
  type HashAlgorithm,
  hash,
  md5,
  sha1,
  sha256,
  sha384,
  sha512,
  toBase64,
  toHex,
} from '@ez/core/crypto'
import type { HashName } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { bytesOf, textOf, unsignable } from '../run/values.ts'
import { canonicalJson } from './json.ts'
import type { Scope } from './scope.ts'

/** The hashes by their names in a description. */
export const hashes: Readonly<Record<HashName, HashAlgorithm>> = { md5, sha1, sha256, sha384, sha512 }

/** The bytes of a digest. */
export const digest = (algorithm: HashAlgorithm, value: Value): Uint8Array =>
  fromBase64(hash(algorithm, value, 'base64')) as Uint8Array

/** What is done to a value. */
export interface Transform {
  readonly apply: (value: Value, run: Run) => Value
  /** What it makes: bytes that are no text, or text whatever went in. */
  readonly makes?: 'bytes' | 'text'
  /** Nothing of what went in can be read from it. */
  readonly hides?: true
  readonly option?: string
}

type Argument = (run: Run) => string

const ofText =
  (change: (text: string) => string): Transform['apply'] =>
  (value) =>
    change(textOf(value))

const base64url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

const encodeForm = (text: string): string =>
  encodeRfc3986(text).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E')

const undone =
  (what: string, undo: (text: string) => Uint8Array | string | undefined): Transform['apply'] =>
  (value) => {
    const result = undo(textOf(value).trim())
    if (result === undefined)
      throw new EzError('EZ_CREDENTIAL_INVALID', `signature: a value is not ${what}. Copy it again.`)
    return result
  }

/** The text that was percent-encoded; `undefined` when it was not. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const fromHex = (text: string): Uint8Array | undefined =>
  text.length % 2 === 1 || /[^0-9a-f]/i.test(text)
    ? undefined
    : Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** The bytes of base64url text, with padding or without; `undefined` when it is none. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
}

const asUuid = (text: string): string => {
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) return text
  const bytes = digest(sha256, text).subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const plain: Readonly<Record<string, Transform>> = {
  lower: { apply: ofText((text) => text.toLowerCase()) },
  upper: { apply: ofText((text) => text.toUpperCase()) },
  trim: { apply: ofText((text) => text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '')) },
  collapse: { apply: ofText((text) => text.replace(/[ \t]+/g, ' ')) },
  percent: { apply: ofText(encodeRfc3986) },
  uri: { apply: ofText((text) => encodeURIComponent(text)) },
  form: { apply: ofText(encodeForm) },
  'percent-decode': { apply: undone('percent-encoded', decodePercent) },
  'form-decode': { apply: undone('a form value', (text) => decodePercent(text.replaceAll('+', ' '))) },
  'lower-escapes': { apply: ofText((text) => text.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase())) },
  hex: { apply: (value) => toHex(bytesOf(value)), makes: 'text' },
  HEX: { apply: (value) => toHex(bytesOf(value)).toUpperCase(), makes: 'text' },
  base64: { apply: (value) => toBase64(bytesOf(value)), makes: 'text' },
  base64url: { apply: (value) => base64url(bytesOf(value)), makes: 'text' },
  'from-hex': { apply: undone('hex', fromHex), makes: 'bytes' },
  'from-base64': { apply: undone('base64', fromBase64), makes: 'bytes' },
  'from-base64url': { apply: undone('base64url', fromBase64Url), makes: 'bytes' },
  length: { apply: (value) => String(bytesOf(value).length), makes: 'text', hides: true },
  json: { apply: ofText(canonicalJson), makes: 'text' },
  quoted: { apply: ofText((text) => JSON.stringify(text)) },
  uuid: { apply: ofText(asUuid), makes: 'text' },
  text: { apply: ofText((text) => text), makes: 'text' },
}
for (const [name, algorithm] of Object.entries(hashes))
  (plain as Record<string, Transform>)[name] = {
    apply: (value) => digest(algorithm, value),
    makes: 'bytes',
    hides: true,
  }

const withArguments: Readonly<
  Record<string, { readonly count: number; readonly make: (...given: Argument[]) => Transform['apply'] }>
> = {
  percent: {
    count: 1,
    // Everything but the unreserved characters and these.
    make: (kept) => (value, run) =>
      [...(kept as Argument)(run)].reduce(
        (encoded, character) => encoded.replaceAll(encodeRfc3986(character), character),
        encodeRfc3986(textOf(value)),
      ),
  },
  first: { count: 1, make: (length) => (value, run) => textOf(value).slice(0, count(length, run)) },
  'first-bytes': {
    count: 1,
    make: (length) => (value, run) => bytesOf(value).subarray(0, count(length, run)),
  },
  after: {
    count: 1,
    make: (prefix) => (value, run) => {
      const [text, start] = [textOf(value), (prefix as Argument)(run)]
      return text.startsWith(start) ? text.slice(start.length) : text
    },
  },
  ends: {
    count: 1,
    make: (suffix) => (value, run) => {
      const [text, end] = [textOf(value), (suffix as Argument)(run)]
      return text.endsWith(end) ? text : text + end
    },
  },
  replace: {
    count: 2,
    make: (from, to) => (value, run) =>
      textOf(value).replaceAll((from as Argument)(run), () => (to as Argument)(run)),
  },
}

function count(length: Argument | undefined, run: Run): number {
  const number = Number((length as Argument)(run))
  if (Number.isSafeInteger(number) && number >= 0) return number
  throw unsignable('the length to cut it to is no whole number')
}

/** Reads one transform, such as `first:8` or `replace:+:-`. @throws EZ_OPTION_INVALID */
export function compileTransform(scope: Scope, place: string, written: string): Transform {
  const [name = '', ...given] = written.split(':')
  if (given.length === 0 && Object.hasOwn(plain, name)) return plain[name] as Transform
  const known = Object.hasOwn(withArguments, name) ? withArguments[name] : undefined
  if (!known || known.count !== given.length)
    scope.fail(
      place,
      `there is no transform "${written}"; known: ${Object.keys(plain).join(' ')} first:n first-bytes:n after:text ends:text replace:a:b percent:kept`,
    )
  let option: string | undefined
  const read = given.map((argument): Argument => {
    if (/^\$\w/.test(argument)) {
      option = argument.slice(1)
      const { kind } = scope.options.get(option) ?? scope.fail(place, `there is no option "${option}"`)
      if (kind !== 'text') scope.fail(place, `the option "${option}" must be of the kind text`)
      return (run) => run.options[argument.slice(1)] as string
    }
    const text = decodePercent(argument) ?? scope.fail(place, `"${argument}" is not percent-encoded`)
    if (/^first/.test(name) && !/^\d+$/.test(text)) scope.fail(place, `"${text}" is no number`)
    if (name === 'replace' && given[0] === '') scope.fail(place, 'replace needs a text to look for')
    return () => text
  })
  return {
    apply: known.make(...read),
    ...(name === 'first-bytes' && { makes: 'bytes' as const }),
    ...(option !== undefined && { option }),
  }
}
