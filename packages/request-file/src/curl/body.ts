import { literal, textBody } from '../imported/imported-request.ts'
import type { PartValue, RequestValue } from '../model/request-value.ts'
import type { Given } from './given.ts'

/** One --data of any kind. */
export interface Piece {
  readonly name: string
  readonly value: string
}

const formType = 'application/x-www-form-urlencoded'

/** The body that curl would send; may add the header that curl would add. */
export function readBody(
  pieces: readonly Piece[],
  given: Given,
  headers: [string, string][],
  removed: ReadonlySet<string>,
  notes: string[],
): RequestValue['body'] {
  const upload = given.last('upload-file')
  if (upload !== undefined) return fileBody(upload, notes)
  const parts: PartValue[] = given.all.flatMap(({ name, value }) =>
    name === 'form'
      ? formParts(value, notes)
      : name === 'form-string'
        ? [{ ...splitAt(value), value: literal(splitAt(value).value) }]
        : [],
  )
  if (parts.length > 0) return { multipart: parts }
  const [first, ...others] = pieces
  if (!first) return undefined
  const written = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  // curl's own default, which a JSON or text body would not get.
  const addType = (): void => {
    if (written === undefined && !removed.has('content-type')) headers.push(['content-type', formType])
  }
  const file = first.name === 'data-urlencode' || first.name === 'data-raw' ? undefined : fileOf(first)
  if (others.length === 0 && file !== undefined) {
    if (first.name !== 'data-binary' && first.name !== 'json')
      notes.push('curl removes line ends from a file that --data names; here it is sent as it is.')
    addType()
    return fileBody(file, notes)
  }
  for (const piece of pieces) noteFile(piece, notes)
  // --json joins without a sign between.
  const text = pieces.reduce(
    (all, { name, value }, index) =>
      `${all}${index === 0 || name === 'json' ? '' : '&'}${dataText(name, value)}`,
    '',
  )
  addType()
  if (written === undefined && removed.has('content-type')) return { text: literal(text) }
  return textBody(text, written ?? formType)
}

const fileOf = ({ value }: Piece): string | undefined => (value.startsWith('@') ? value.slice(1) : undefined)

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
