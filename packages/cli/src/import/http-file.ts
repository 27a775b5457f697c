import { EzError } from '@ez/core'
import type { RequestValue } from '../files/request-file.ts'
import { type ImportedRequest, pairsValue, textBody } from './draft.ts'
import { TokenTranslator } from './tokens.ts'

const requestLine = /^(?:(GET|HEAD|POST|PUT|DELETE|CONNECT|PATCH|OPTIONS|TRACE|[A-Z]{3,20})\s+)?(\S.*)$/

/**
 * Reads a `.http` or `.rest` file: requests between `###`, `@name = value`, `# @name`, bodies and `< file`.
 *
 * Source: JetBrains, "HTTP request in Editor specification".
 *
 * @throws EZ_IMPORT_INVALID
 */
export function importHttpFile(text: string): ImportedRequest[] {
  const variables: Record<string, string> = {}
  const imported: ImportedRequest[] = []
  const sections = `\n${text.replaceAll('\r\n', '\n')}`.split(/\n###/)
  sections.forEach((section, index) => {
    const [title = '', ...lines] = section.split('\n')
    const found = readSection(
      index === 0 ? '' : title.trim(),
      index === 0 ? section.split('\n') : lines,
      variables,
    )
    if (found) imported.push(found)
  })
  if (imported.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'The file holds no request, such as "GET https://api.example.com/".',
    )
  if (Object.keys(variables).length === 0) return imported
  return imported.map((entry) => ({ ...entry, request: { ...entry.request, variables } }))
}

function readSection(
  title: string,
  lines: readonly string[],
  variables: Record<string, string>,
): ImportedRequest | undefined {
  const translator = new TokenTranslator()
  let name = title
  let position = 0
  // Comments, names and variables stand before the request line.
  for (; position < lines.length; position += 1) {
    const line = (lines[position] as string).trim()
    const named = /^(?:#|\/\/)\s*@name[\s=]+(.+)$/.exec(line)
    const variable = /^@([^\s=]+)\s*=\s*(.*)$/.exec(line)
    if (named) name = (named[1] as string).trim()
    else if (variable)
      variables[translator.name(variable[1] as string)] = translator.text(variable[2] as string)
    else if (line !== '' && !/^(?:#|\/\/)/.test(line)) break
  }
  if (position >= lines.length) return undefined
  const first = requestLine.exec((lines[position] as string).trim())
  if (!first) return undefined
  position += 1
  let url = first[2] as string
  // A query may go on in indented lines.
  while (/^\s+[?&/]/.test(lines[position] ?? '')) {
    url += (lines[position] as string).trim()
    position += 1
  }
  // The version ends the request line, wherever it ends.
  url = url.replace(/\s+HTTP\/[\d.]+$/, '')
  const notes: string[] = []
  const headers: [string, string][] = []
  for (; position < lines.length && (lines[position] as string).trim() !== ''; position += 1) {
    const line = lines[position] as string
    const colon = line.indexOf(':')
    if (/^\s*(?:#|\/\/)/.test(line) || colon < 1) continue
    headers.push([
      line.slice(0, colon).trim(),
      headerValue(line.slice(0, colon).trim(), line.slice(colon + 1).trim(), translator),
    ])
  }
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const body = readBody(lines.slice(position + 1), contentType, translator, notes)
  const sent = headers.filter(([key]) => key.toLowerCase() !== 'host')
  const host = headers.find(([key]) => key.toLowerCase() === 'host')?.[1]
  const request: RequestValue = {
    ...(name !== '' && { name }),
    method: first[1] ?? 'GET',
    url: translator.text(url.startsWith('/') && host !== undefined ? `https://${host}${url}` : url),
    ...(sent.length > 0 && { headers: pairsValue(sent) }),
    ...(body && { body }),
  }
  return {
    request,
    notes: [
      ...notes,
      ...translator.notes,
      ...[...translator.renamed].map(
        ([own, original]) => `The variable "${original}" is called ${own} here.`,
      ),
    ],
  }
}

// `Authorization: Basic user password` is a short form of these files.
function headerValue(name: string, value: string, translator: TokenTranslator): string {
  const basic = name.toLowerCase() === 'authorization' ? /^Basic\s+(\S+?)(?:\s+|:)(\S+)$/.exec(value) : null
  if (!basic || /[{}]/.test(value)) return translator.text(value)
  return `Basic ${Buffer.from(`${basic[1]}:${basic[2]}`).toString('base64')}`
}

function readBody(
  lines: readonly string[],
  contentType: string | undefined,
  translator: TokenTranslator,
  notes: string[],
): RequestValue['body'] {
  const kept: string[] = []
  let script = false
  for (const line of lines) {
    // Response handlers, and where a response is to be written.
    if (/^>>?!?\s/.test(line)) {
      notes.push('What the file does with the response was left out: use expect, or --output.')
      script = /\{%/.test(line) && !/%\}/.test(line)
    } else if (script) script = !/%\}/.test(line)
    else if (!/^<>\s/.test(line)) kept.push(line)
  }
  const text = kept.join('\n').replace(/\s+$/, '')
  if (text === '') return undefined
  const file = /^<@?\s+(\S+)$/.exec(text)
  if (file) return { file: file[1] as string }
  if (/x-www-form-urlencoded/i.test(contentType ?? ''))
    return { text: translator.text(text.replace(/\n\s*/g, '')) }
  return textBody(text, contentType ?? 'text/plain', (whole) => translator.text(whole))
}
