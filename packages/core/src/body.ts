import { encodeRfc3986, utf8 } from '@ez/core/crypto'
import type { Attempt } from './attempt.ts'
import { EzError } from './error.ts'
import { jsonOf } from './json.ts'
import { resolveJson } from './json-template.ts'
import { pairsOf, scalarText } from './pairs.ts'
import type { Body, BodyTemplate, TemplateValue } from './request.ts'
import type { Runtime } from './runtime.ts'
import type { Scope } from './scope.ts'
import { fill, resolveText, type Text } from './text.ts'

/** A resolved body, which may still wait for outputs. */
export type BodyDraft =
  | { readonly kind: 'text'; readonly text: Text; readonly contentType: string }
  | { readonly kind: 'form'; readonly pairs: readonly (readonly [Text, Text])[] }
  | { readonly kind: 'multipart'; readonly parts: readonly MultipartDraft[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType: string }
  | {
      readonly kind: 'stream'
      readonly stream: () => ReadableStream<Uint8Array>
      readonly length: number | undefined
      readonly contentType: string
    }

interface MultipartDraft {
  readonly name: Text
  readonly value: Text | Uint8Array
  readonly filename: Text | undefined
  readonly contentType: Text | undefined
}

/** A body in wire form. */
export interface WireBody {
  readonly body: Body
  readonly bodyLength: number | undefined
  /** Set when the request has none; empty when none is to be set. */
  readonly contentType: string
}

type Resolve = (text: string, place: string) => Text

const binary = 'application/octet-stream'
const literal: Resolve = (text) => text

/** Resolves the body of a template; without a scope it is literal, as scripts write it. */
export function resolveBody(template: BodyTemplate, scope?: Scope): BodyDraft {
  checkKind(template)
  const resolve: Resolve = scope ? (text, place) => resolveText(text, place, scope) : literal
  if ('json' in template)
    return {
      kind: 'text',
      contentType: 'application/json',
      text: scope ? resolveJson(template.json, scope) : jsonOf(template.json, 'body.json'),
    }
  if ('text' in template)
    return {
      kind: 'text',
      contentType: 'text/plain;charset=UTF-8',
      text: resolve(text(template.text, 'body.text'), 'body.text'),
    }
  if ('form' in template)
    return {
      kind: 'form',
      pairs: pairsOf<TemplateValue>(template.form, 'body.form')
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [
          resolve(name, 'body.form'),
          typeof value === 'string'
            ? resolve(value, `body.form.${name}`)
            : scalarText(value, `body.form.${name}`, (secret) => scope?.conceal(secret)),
        ]),
    }
  if ('multipart' in template)
    return {
      kind: 'multipart',
      parts: list(template.multipart).map((part, index) => {
        const place = `body.multipart[${index}]`
        if (typeof part !== 'object' || part === null)
          throw invalid(place, 'it must be a part with name and value')
        return {
          name: resolve(text(part.name, `${place}.name`), `${place}.name`),
          value:
            part.value instanceof Uint8Array
              ? part.value
              : resolve(text(part.value, `${place}.value`), `${place}.value`),
          filename: part.filename === undefined ? undefined : resolve(part.filename, `${place}.filename`),
          contentType:
            part.contentType === undefined ? undefined : resolve(part.contentType, `${place}.contentType`),
        }
      }),
    }
  if ('bytes' in template) {
    if (!(template.bytes instanceof Uint8Array)) throw invalid('body.bytes', 'it must be a Uint8Array')
    return { kind: 'bytes', bytes: template.bytes, contentType: binary }
  }
  if ('stream' in template) {
    if (typeof template.stream !== 'function')
      throw invalid('body.stream', 'it must be a function, so that each attempt reads the stream anew')
    return { kind: 'stream', stream: template.stream, length: template.length, contentType: binary }
  }
  throw invalid('body', 'it is of no known kind')
}

function list<Item>(value: readonly Item[]): readonly Item[] {
  if (!Array.isArray(value)) throw invalid('body.multipart', 'it must be a list of parts')
  return value
}

const kinds = ['json', 'form', 'multipart', 'text', 'bytes', 'stream']

function checkKind(template: unknown): void {
  const given =
    typeof template === 'object' && template !== null ? kinds.filter((kind) => kind in template) : []
  if (given.length !== 1)
    throw invalid(
      'body',
      `it must hold one of ${kinds.join(', ')}${given.length > 1 ? `, and holds ${given.join(' and ')}` : ''}`,
    )
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string') throw invalid(place, 'it must be a string')
  return value
}

const invalid = (place: string, problem: string): EzError =>
  new EzError('EZ_BODY_INVALID', `${place}: ${problem}.`)

/** The bytes of a body, serialised once. @throws EZ_BODY_INVALID */
export function wireBody(draft: BodyDraft, attempt: Attempt): WireBody {
  const { runtime } = attempt
  switch (draft.kind) {
    case 'text':
      return whole(encoded(fill(draft.text, runtime)), draft.contentType)
    case 'form':
      return whole(
        utf8(
          draft.pairs
            .map(
              ([name, value]) =>
                `${encodeRfc3986(fill(name, runtime))}=${encodeRfc3986(fill(value, runtime))}`,
            )
            .join('&'),
        ),
        'application/x-www-form-urlencoded',
      )
    case 'multipart':
      return multipart(draft.parts, runtime, attempt.boundary())
    case 'bytes':
      return whole(draft.bytes, draft.contentType)
    case 'stream':
      return { body: draft.stream(), bodyLength: draft.length, contentType: draft.contentType }
  }
}

function whole(body: Uint8Array, contentType: string): WireBody {
  return { body, bodyLength: undefined, contentType }
}

function encoded(content: string): Uint8Array {
  if (!content.isWellFormed())
    throw invalid('body', 'it holds half of a surrogate pair, which UTF-8 cannot hold')
  return utf8(content)
}

// Quotes and line breaks would end the parameter (WHATWG HTML, multipart/form-data encoding).
const quoted = (value: string): string =>
  value.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

function holds(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const first = wanted[0] as number
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true
  return false
}

function multipart(parts: readonly MultipartDraft[], runtime: Runtime, boundary: string): WireBody {
  const chunks: Uint8Array[] = []
  const delimiter = utf8(`--${boundary}`)
  parts.forEach((part, index) => {
    let head = `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(fill(part.name, runtime))}"`
    if (part.filename !== undefined) head += `; filename="${quoted(fill(part.filename, runtime))}"`
    const contentType =
      part.contentType === undefined
        ? part.filename === undefined
          ? undefined
          : binary
        : fill(part.contentType, runtime)
    if (contentType !== undefined) {
      if (!/^[\x20-\x7e]*$/.test(contentType))
        throw invalid(`body.multipart[${index}].contentType`, 'it is not printable ASCII')
      head += `\r\ncontent-type: ${contentType}`
    }
    const content = part.value instanceof Uint8Array ? part.value : encoded(fill(part.value, runtime))
    if (holds(content, delimiter))
      throw invalid(`body.multipart[${index}]`, 'it holds the boundary. Give another nonce')
    chunks.push(encoded(`${head}\r\n\r\n`), content, utf8('\r\n'))
  })
  chunks.push(utf8(`--${boundary}--\r\n`))
  const body = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0))
  let position = 0
  for (const chunk of chunks) {
    body.set(chunk, position)
    position += chunk.length
  }
  return whole(body, `multipart/form-data; boundary=${boundary}`)
}
