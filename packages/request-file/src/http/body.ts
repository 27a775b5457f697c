import { textBody } from '../imported/imported-request.ts'
import type { TokenTranslator } from '../imported/tokens.ts'
import type { RequestValue } from '../model/request-value.ts'
import { multipartParts } from './multipart.ts'

/** What stands behind the headers. */
export interface HttpBody {
  readonly body?: RequestValue['body']
  readonly expect?: RequestValue['expect']
}

/** Gives the text of a file that a `.http` file names; `undefined` when it may not be read, or is not there. */
export type ReadFile = (name: string) => string | undefined

/** Reads a body, and the tests and scripts that stand behind it, which are none. */
export function readBody(
  lines: readonly string[],
  contentType: string | undefined,
  translator: TokenTranslator,
  notes: string[],
  readFile: ReadFile,
): HttpBody {
  const { kept, status } = withoutScripts(lines, notes)
  const expect = status === undefined ? {} : { expect: { status } }
  const text = kept.join('\n').replace(/\s+$/, '')
  if (text === '') return expect
  const parts = /^multipart\//i.test(contentType ?? '')
    ? multipartParts(kept, contentType as string, translator)
    : undefined
  if (parts) return { ...expect, body: { multipart: parts } }
  const file = /^<\s+(\S.*)$/.exec(text)
  if (file && !text.includes('\n')) return { ...expect, body: { file: (file[1] as string).trim() } }
  const whole = withFiles(kept, readFile, notes).join('\n').replace(/\s+$/, '')
  const alone = /^<@\w*\s+(\S.*)$/.exec(whole)
  if (alone && !whole.includes('\n')) return { ...expect, body: { file: (alone[1] as string).trim() } }
  if (/x-www-form-urlencoded/i.test(contentType ?? ''))
    return { ...expect, body: { text: translator.text(formText(whole)) } }
  return {
    ...expect,
    body: textBody(whole, contentType ?? 'text/plain', (plain) => translator.text(plain)),
  }
}

/** The query, and after an empty line its variables as JSON. */
export function graphqlBody(
  lines: readonly string[],
  translator: TokenTranslator,
  notes: string[],
): HttpBody {
  const { kept, status } = withoutScripts(lines, notes)
  const text = kept.join('\n').trim()
  const split = /\n\s*\n(?=\{[\s\S]*\}$)/.exec(text)
  const query = split ? text.slice(0, split.index) : text
  const variables = split ? parsed(text.slice(split.index).trim(), translator) : undefined
  return {
    body: { json: { query: translator.text(query), ...(variables !== undefined && { variables }) } },
    ...(status !== undefined && { expect: { status } }),
  }
}

function withoutScripts(
  lines: readonly string[],
  notes: string[],
): { readonly kept: string[]; readonly status?: number } {
  const kept: string[] = []
  let status: number | undefined
  let until: RegExp | undefined
  for (const line of lines) {
    const [, wanted] = /^\?\?\s*status\s*={2,3}\s*(\d{3})\s*$/.exec(line) ?? []
    if (until) {
      if (until.test(line)) until = undefined
    } else if (wanted !== undefined) status = Number(wanted)
    else if (/^\?\?\s/.test(line))
      notes.push(`The test "${line.trim()}" was left out: write it under expect.`)
    else if (/^>\s+\{%/.test(line) || /^\{\{(?:[@+]\w+)?\s*$/.test(line)) {
      notes.push('What the file does with the response was left out: use expect, or --output.')
      const end = line.startsWith('>') ? /%\}/ : /^\s*\}\}\s*$/
      if (!end.test(line)) until = end
    } else if (/^>\s+\S+\.m?js\s*$|^>>!?\s+\S/.test(line))
      notes.push('What the file does with the response was left out: use expect, or --output.')
    else if (!/^<>\s/.test(line)) kept.push(line)
  }
  return { kept, ...(status !== undefined && { status }) }
}

// `<@ file` stands for the file's text, in which variables are replaced; a `< file` among other lines for its bytes.
function withFiles(lines: readonly string[], readFile: ReadFile, notes: string[]): string[] {
  const several = lines.filter((line) => line.trim() !== '').length > 1
  return lines.map((line) => {
    const [, kind, name] = /^(<@?)\w*\s+(\S.*)$/.exec(line) ?? []
    if (name === undefined || (kind === '<' && !several)) return line
    const text = readFile(name.trim())
    if (text === undefined) {
      notes.push(`The text of the file ${name.trim()} belongs into the body: write it there.`)
      return line
    }
    const plain = text.replaceAll('\r\n', '\n').replace(/\n$/, '')
    // Tokens of a file that is only put in stand for themselves.
    return kind === '<' ? plain.replaceAll('{{', '\\{{') : plain
  })
}

// JetBrains: names and values over several lines, with spaces around "&" and "=".
const formText = (text: string): string =>
  text
    .split('&')
    .map((pair) => {
      const [, name = pair, value] = /^([^=]*)=([\s\S]*)$/.exec(pair) ?? []
      const plain = (part: string): string =>
        part
          .trim()
          .replace(/\s*\n\s*/g, '')
          .replace(/\s+(?![^{]*\}\})/g, '%20')
      return value === undefined ? plain(name) : `${plain(name)}=${plain(value)}`
    })
    .filter((pair) => pair !== '')
    .join('&')

function parsed(text: string, translator: TokenTranslator): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) =>
      typeof value === 'string' ? translator.text(value) : value,
    ) as unknown
  } catch {
    return undefined
  }
}
