import { EzError } from '@ez/core'
import { type ImportedRequest, pairsValue } from '../imported/imported-request.ts'
import { TokenTranslator } from '../imported/tokens.ts'
import type { RequestValue, StepValue } from '../model/request-value.ts'
import { type Authorization, readAuthorization } from './authorization.ts'
import { graphqlBody, type ReadFile, readBody } from './body.ts'
import { readHead } from './head.ts'
import { type Section, sectionsOf } from './sections.ts'

/** How a `.http` file is read. */
export interface HttpFileOptions {
  /** The text of a file that stands in a body (`<@ ./order.json`); such files are named in a note when left out. */
  readonly readFile?: ReadFile
}

const requestLine = /^(?:(GET|HEAD|POST|PUT|DELETE|CONNECT|PATCH|OPTIONS|TRACE|[A-Z]{3,20})\s+)?(\S.*)$/

const urlLike = /^(?:https?:\/\/|\{\{|\/|[^\s/]+[.:][^\s/]+(?:\/|\?|$)|localhost\b)\S*(?:\s+HTTP\/[\d.]+)?$/i

const scriptBefore: StepValue = {
  blocked:
    'A script of the file runs before this request, and may change it. Do its work in a script of your own (script: ./….js), or remove this entry.',
}

/**
 * Reads a `.http` or `.rest` file of JetBrains, the REST Client for Visual Studio Code, or httpyac: requests between
 * `###`, `@name = value`, `# @name`, bodies and `< file`, `AWS`, `Basic` and `Digest` lines. A script before a request
 * blocks it, and tests and scripts behind one are named in a note; `?? status == 200` becomes `expect`.
 *
 * @throws EZ_IMPORT_INVALID
 * @see https://www.jetbrains.com/help/idea/exploring-http-syntax.html
 * @example
 * const [imported] = readHttpFile('### orders\nGET https://api.example.com/orders')
 * imported?.request.name // 'orders'
 */
export function readHttpFile(
  text: string,
  { readFile = () => undefined }: HttpFileOptions = {},
): ImportedRequest[] {
  const variables: Record<string, string> = {}
  const left: string[] = []
  const imported = sectionsOf(text).flatMap(
    (section) => readSection(section, variables, left, readFile) ?? [],
  )
  if (imported.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'The file holds no request, such as "GET https://api.example.com/".',
    )
  const given = Object.keys(variables).length > 0
  return imported.map((entry, index) => ({
    ...entry,
    notes: [...(index === 0 ? left : []), ...entry.notes],
    request: { ...entry.request, ...(given && { variables: { ...variables, ...entry.request.variables } }) },
  }))
}

function readSection(
  { title, lines }: Section,
  variables: Record<string, string>,
  left: string[],
  readFile: ReadFile,
): ImportedRequest | undefined {
  const translator = new TokenTranslator()
  const head = readHead(lines, variables, translator)
  let { position } = head
  if (position >= lines.length) return undefined
  const first = requestLine.exec((lines[position] as string).trim())
  // Without a method, what stands there must look like a URL, or any text would be a request.
  if (!first || (first[1] === undefined && !urlLike.test(first[2] as string))) return undefined
  const name = head.name ?? title
  if (/^(?:WEBSOCKET|WS|GRPC|RSOCKET|SSE|MQTT|AMQP|EVENTSOURCE)$/.test(first[1] ?? '')) {
    left.push(`${lines[position]?.trim()}: this protocol has no counterpart here, and was left out.`)
    return undefined
  }
  if (head.disabled) {
    left.push(`The request "${name || first[2]}" is disabled in the file, and was left out.`)
    return undefined
  }
  const notes: string[] = [...head.notes]
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
  const steps: StepValue[] = head.script ? [scriptBefore] : []
  const own: Record<string, string> = {}
  const credentials: Record<string, string> = {}
  for (; position < lines.length && (lines[position] as string).trim() !== ''; position += 1) {
    const line = lines[position] as string
    const colon = line.indexOf(':')
    if (/^\s*(?:#|\/\/)/.test(line) || colon < 1) continue
    const key = line.slice(0, colon).trim()
    const value = line.slice(colon + 1).trim()
    const read: Authorization = /^authorization$/i.test(key)
      ? readAuthorization(value, url, translator)
      : { value: translator.text(value) }
    if (read.value !== undefined) headers.push([key, read.value])
    steps.push(...(read.steps ?? []))
    notes.push(...(read.notes ?? []))
    Object.assign(own, read.variables)
    Object.assign(credentials, read.credentials)
  }
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const graphql = first[1] === 'GRAPHQL' || headers.some(([key, value]) => isGraphqlMark(key, value))
  const rest = lines.slice(position + 1)
  const { body, expect } = graphql
    ? graphqlBody(rest, translator, notes)
    : readBody(rest, contentType, translator, notes, readFile)
  // A body of parts brings its own boundary.
  const dropped = body && 'multipart' in body ? ['host', 'content-type'] : ['host']
  const sent = headers.filter(
    ([key, value]) => !dropped.includes(key.toLowerCase()) && !isGraphqlMark(key, value),
  )
  const host = headers.find(([key]) => key.toLowerCase() === 'host')?.[1]
  const request: RequestValue = {
    ...(name !== '' && { name }),
    method: first[1] === 'GRAPHQL' ? 'POST' : (first[1] ?? 'GET'),
    url: translator.text(wholeUrl(url, host)),
    ...(sent.length > 0 && { headers: pairsValue(sent) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
    ...(Object.keys(own).length > 0 && { variables: own }),
    ...(expect && { expect }),
  }
  return {
    request,
    notes: [
      ...notes,
      ...translator.notes,
      ...[...translator.renamed].map(
        ([key, original]) => `The variable "${original}" is called ${key} here.`,
      ),
    ],
    ...(Object.keys(credentials).length > 0 && { credentials }),
  }
}

// The REST Client marks a body as GraphQL by this header, which it does not send.
const isGraphqlMark = (key: string, value: string): boolean =>
  /^x-request-type$/i.test(key) && /^graphql$/i.test(value)

// JetBrains, the same specification: http where no scheme is given, and the host from its header.
function wholeUrl(url: string, host: string | undefined): string {
  if (url.startsWith('/')) return host === undefined ? url : `https://${host}${url}`
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(url) ? url : `http://${url}`
}
