import { EzError } from '@ez/core'
import { type ImportedRequest, pairsValue, textBody } from '../imported/imported-request.ts'
import { TokenTranslator } from '../imported/tokens.ts'
import type { RequestValue, StepValue } from '../model/request-value.ts'
import { type Authorization, readAuthorization } from './authorization.ts'
import { multipartParts } from './multipart.ts'

const requestLine = /^(?:(GET|HEAD|POST|PUT|DELETE|CONNECT|PATCH|OPTIONS|TRACE|[A-Z]{3,20})\s+)?(\S.*)$/

const urlLike = /^(?:https?:\/\/|\{\{|\/|[^\s/]+[.:][^\s/]+(?:\/|\?|$)|localhost\b)\S*(?:\s+HTTP\/[\d.]+)?$/i

/**
 * Reads a `.http` or `.rest` file: requests between `###`, `@name = value`, `# @name`, bodies and `< file`.
 *
 * Source: JetBrains, "HTTP request in Editor specification".
 *
 * @throws EZ_IMPORT_INVALID
 */
export function readHttpFile(text: string): ImportedRequest[] {
  const variables: Record<string, string> = {}
  const imported: ImportedRequest[] = []
  const left: string[] = []
  const sections = `\n${text.replaceAll('\r\n', '\n')}`.split(/\n###/)
  sections.forEach((section, index) => {
    const [title = '', ...lines] = section.split('\n')
    const found = readSection(
      index === 0 ? '' : title.trim(),
      index === 0 ? section.split('\n') : lines,
      variables,
      left,
    )
    if (found) imported.push(found)
  })
  if (imported.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'The file holds no request, such as "GET https://api.example.com/".',
    )
  const given = Object.keys(variables).length > 0
  return imported.map((entry) => ({
    ...entry,
    notes: [...left, ...entry.notes],
    request: { ...entry.request, ...(given && { variables: { ...variables, ...entry.request.variables } }) },
  }))
}

function readSection(
  title: string,
  lines: readonly string[],
  variables: Record<string, string>,
  left: string[],
): ImportedRequest | undefined {
  const translator = new TokenTranslator()
  const notes: string[] = []
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
    else if (/^<\s/.test(line)) {
      notes.push('A script that runs before the request was left out: see the guide to scripts.')
      if (/\{%/.test(line))
        while (position < lines.length && !/%\}/.test(lines[position] as string)) position += 1
    } else if (line !== '' && !/^(?:#|\/\/)/.test(line)) break
  }
  if (position >= lines.length) return undefined
  const first = requestLine.exec((lines[position] as string).trim())
  // Without a method, what stands there must look like a URL, or any text would be a request.
  if (!first || (first[1] === undefined && !urlLike.test(first[2] as string))) return undefined
  if (/^(?:WEBSOCKET|GRPC|RSOCKET)$/.test(first[1] ?? '')) {
    left.push(`${lines[position]?.trim()}: this protocol has no counterpart here, and was left out.`)
    return undefined
  }
  position += 1
  let url = first[2] as string
  // A query may go on in the next lines, a path in indented ones.
  while (/^(?:\s+[?&/]|[?&])/.test(lines[position] ?? '')) {
    url += (lines[position] as string).trim()
    position += 1
  }
  // The version ends the request line, wherever it ends.
  url = url.replace(/\s+HTTP\/[\d.]+$/, '')
  const headers: [string, string][] = []
  const steps: StepValue[] = []
  const own: Record<string, string> = {}
  for (; position < lines.length && (lines[position] as string).trim() !== ''; position += 1) {
    const line = lines[position] as string
    const colon = line.indexOf(':')
    if (/^\s*(?:#|\/\/)/.test(line) || colon < 1) continue
    const key = line.slice(0, colon).trim()
    const value = line.slice(colon + 1).trim()
    const read: Authorization = /^authorization$/i.test(key)
      ? readAuthorization(value, translator)
      : { value: translator.text(value) }
    if (read.value !== undefined) headers.push([key, read.value])
    steps.push(...(read.steps ?? []))
    notes.push(...(read.notes ?? []))
    Object.assign(own, read.variables)
  }
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const graphql = first[1] === 'GRAPHQL'
  const body = graphql
    ? graphqlBody(lines.slice(position + 1), translator)
    : readBody(lines.slice(position + 1), contentType, translator, notes)
  if (
    headers.some(([key, value]) => /^(?:authorization|cookie|x-api-key)$/i.test(key) && !/\{\{/.test(value))
  )
    notes.push('A header holds a credential. Move it into a variable before you share the file.')
  // A body of parts brings its own boundary.
  const dropped = body && 'multipart' in body ? ['host', 'content-type'] : ['host']
  const sent = headers.filter(([key]) => !dropped.includes(key.toLowerCase()))
  const host = headers.find(([key]) => key.toLowerCase() === 'host')?.[1]
  const request: RequestValue = {
    ...(name !== '' && { name }),
    method: graphql ? 'POST' : (first[1] ?? 'GET'),
    url: translator.text(wholeUrl(url, host)),
    ...(sent.length > 0 && { headers: pairsValue(sent) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
    ...(Object.keys(own).length > 0 && { variables: own }),
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

// JetBrains, the same specification: http where no scheme is given, and the host from its header.
function wholeUrl(url: string, host: string | undefined): string {
  if (url.startsWith('/')) return host === undefined ? url : `https://${host}${url}`
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(url) ? url : `http://${url}`
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
  const parts = /^multipart\//i.test(contentType ?? '')
    ? multipartParts(kept, contentType as string, translator)
    : undefined
  if (parts) return { multipart: parts }
  if (/^<@?\s+\S/m.test(text) && text.includes('\n'))
    notes.push('A file in the middle of a body is not read: write its content there.')
  const file = /^<@?\s+(\S+)$/.exec(text)
  if (file) return { file: file[1] as string }
  if (/x-www-form-urlencoded/i.test(contentType ?? ''))
    return { text: translator.text(text.replace(/\n\s*/g, '')) }
  return textBody(text, contentType ?? 'text/plain', (whole) => translator.text(whole))
}

// The query, and after an empty line its variables as JSON.
function graphqlBody(lines: readonly string[], translator: TokenTranslator): RequestValue['body'] {
  const text = lines.join('\n').trim()
  const split = /\n\s*\n(?=\{[\s\S]*\}$)/.exec(text)
  const query = split ? text.slice(0, split.index) : text
  const variables = split ? parsed(text.slice(split.index).trim()) : undefined
  return { json: { query: translator.text(query), ...(variables !== undefined && { variables }) } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
