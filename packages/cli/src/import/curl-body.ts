import type { PartValue, RequestValue } from '../files/request-file.ts'
import { literal, textBody } from './draft.ts'

/** One --data of any kind. */
export interface Piece {
  readonly name: string
  readonly value: string
}

interface BodyOptions {
  readonly form?: unknown
  readonly 'form-string'?: unknown
  readonly 'upload-file'?: unknown
}

/** The values of an option that may come more than once. */
export const texts = (value: unknown): string[] => [value ?? []].flat().map(String)

/** The body that curl would send; may add the header that curl would add. */
export function readBody(
  pieces: readonly Piece[],
  values: BodyOptions,
  contentType: string | undefined,
  headers: [string, string][],
  notes: string[],
): RequestValue['body'] {
  if (typeof values['upload-file'] === 'string') return fileBody(values['upload-file'], notes)
  const parts: PartValue[] = [
    ...texts(values.form).flatMap((text) => formParts(text, notes)),
    ...texts(values['form-string']).map((text) => ({
      ...splitAt(text),
      value: literal(splitAt(text).value),
    })),
  ]
  if (parts.length > 0) return { multipart: parts }
  const [first, ...others] = pieces
  if (!first) return undefined
  if (
    others.length === 0 &&
    first.value.startsWith('@') &&
    first.name !== 'data-raw' &&
    first.name !== 'data-urlencode'
  ) {
    if (first.name !== 'data-binary' && first.name !== 'json')
      notes.push('curl removes line ends from a file that --data names; here it is sent as it is.')
    if (contentType === undefined && first.name !== 'json')
      headers.push(['content-type', 'application/x-www-form-urlencoded'])
    return fileBody(first.value.slice(1), notes)
  }
  for (const piece of pieces) noteFile(piece, notes)
  const text = pieces.map(({ name, value }) => dataText(name, value)).join(first.name === 'json' ? '' : '&')
  const kind = contentType ?? (first.name === 'json' ? 'application/json' : undefined)
  // curl's own default, which a JSON or text body would not get.
  if (kind === undefined) headers.push(['content-type', 'application/x-www-form-urlencoded'])
  return textBody(text, kind ?? 'application/x-www-form-urlencoded')
}

/** The text of one piece of data, encoded as curl encodes it. */
export function dataText(name: string, value: string): string {
  if (name !== 'data-urlencode') return value
  const { name: field, value: content } = splitAt(value)
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    )
  return value.includes('=')
    ? field === ''
      ? encode(content)
      : `${field}=${encode(content)}`
    : encode(value)
}

function splitAt(text: string): { name: string; value: string } {
  const at = text.indexOf('=')
  return at < 0 ? { name: text, value: '' } : { name: text.slice(0, at), value: text.slice(at + 1) }
}

// A file among other data is no body of its own; what curl would read of it has to be written.
function noteFile({ name, value }: Piece, notes: string[]): void {
  const file =
    name === 'data-urlencode'
      ? /^[^=@]*@(.+)$/s.exec(value)?.[1]
      : name === 'data-raw'
        ? undefined
        : /^@(.+)$/s.exec(value)?.[1]
  if (file !== undefined)
    notes.push(
      `curl puts the content of ${file} in the place of "${value}". Write it there, or send the file alone.`,
    )
}

function fileBody(file: string, notes: string[]): { file: string } {
  if (file === '-' || file === '.')
    notes.push('curl reads the body from standard input. Save it to a file, and name that under body.')
  return { file: file === '-' || file === '.' ? './body' : file }
}

// curl(1), --form name=content;type=…;filename=…, where quotes keep ";" and ",".
function formParts(text: string, notes: string[]): PartValue[] {
  const { name, value } = splitAt(text)
  const [content = '', ...settings] = splitQuoted(value, ';')
  const setting = (key: string): string | undefined => {
    const found = settings.find((entry) => entry.trim().startsWith(`${key}=`))
    return found === undefined ? undefined : unquoted(found.slice(found.indexOf('=') + 1))
  }
  const contentType = setting('type')
  const filename = setting('filename')
  const common = {
    name,
    ...(contentType !== undefined && { contentType }),
    ...(filename !== undefined && { filename }),
  }
  if (content.startsWith('<'))
    notes.push(`curl sends the part "${name}" as text from a file; here it is sent as a file.`)
  if (!/^[@<]/.test(content)) return [{ ...common, value: literal(unquoted(content)) }]
  return splitQuoted(content.slice(1), ',').map((file) => ({ ...common, file: unquoted(file) }))
}

function splitQuoted(text: string, separator: string): string[] {
  const parts = ['']
  let quoted = false
  for (let position = 0; position < text.length; position += 1) {
    const character = text[position] as string
    const last = parts.length - 1
    if (quoted && character === '\\') {
      parts[last] += text.slice(position, position + 2)
      position += 1
    } else if (!quoted && character === separator) parts.push('')
    else {
      // A quote counts where a value begins.
      if (character === '"') quoted = quoted ? false : /^\s*[@<]?$|=$/.test(parts[last] as string)
      parts[last] += character
    }
  }
  return parts
}

const unquoted = (text: string): string =>
  /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(["\\])/g, '$1') : text
