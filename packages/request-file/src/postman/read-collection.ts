import { EzError } from '@ez/core'
import { type ImportedRequest, pairsValue } from '../imported/imported-request.ts'
import { asText, TokenTranslator } from '../imported/tokens.ts'
import type { RequestValue } from '../model/request-value.ts'
import { isSecretName } from '../source/secret-name.ts'
import { type PostmanAuth, readAuth } from './auth.ts'
import { enabled, impliedContentType, type Pair, type PostmanBody, readBody } from './body.ts'
import { isChained } from './chains.ts'
import { keptScripts, type Level, type PostmanEvent, scriptText } from './script.ts'

interface PostmanUrl {
  readonly raw?: string
  readonly protocol?: string
  readonly host?: string | readonly string[]
  readonly port?: string
  readonly path?: string | readonly (string | { readonly value?: string })[]
  readonly query?: readonly Pair[]
  readonly variable?: readonly Pair[]
}

interface PostmanRequest {
  readonly method?: string
  readonly url?: string | PostmanUrl | null
  readonly header?: readonly Pair[] | string
  readonly body?: PostmanBody | null
  readonly auth?: PostmanAuth | null
}

interface Item {
  readonly name?: string
  readonly item?: readonly Item[]
  readonly request?: PostmanRequest | string
  readonly auth?: PostmanAuth | null
  readonly event?: readonly PostmanEvent[]
}

interface Collection extends Item {
  readonly info?: { readonly name?: string; readonly schema?: string }
  readonly variable?: readonly Pair[]
}

interface Inherited {
  readonly auth: PostmanAuth | null | undefined
  /** Outermost first. */
  readonly levels: readonly Level[]
  readonly folder: string
  /** Scripts that were kept, by file name. */
  readonly kept: Map<string, string>
}

/**
 * Reads a Postman collection, format v2.0 or v2.1.
 *
 * Source: schema.postman.com, "collection/json/v2.1.0".
 *
 * @throws EZ_IMPORT_INVALID
 */
export function readPostmanCollection(text: string): ImportedRequest[] {
  let collection: Collection
  try {
    collection = JSON.parse(text) as Collection
  } catch (cause) {
    throw new EzError('EZ_IMPORT_INVALID', `The collection is not JSON: ${(cause as Error).message}`)
  }
  if (!Array.isArray(collection?.item))
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'This is no Postman collection in the format v2.1. Export it as "Collection v2.1".',
    )
  const requests = walk(collection.item, {
    auth: collection.auth,
    levels: [{ owner: collection.info?.name ?? 'collection', events: collection.event ?? [] }],
    folder: '',
    kept: new Map(),
  })
  const { variables, notes } = readVariables(collection.variable ?? [])
  const chained = isChained(
    requests.map(({ request, files = {}, scripts }) => ({
      scripts,
      text: [JSON.stringify(request), ...Object.values(files)].join('\n'),
    })),
  )
  return requests.map(({ request, scripts: _, ...rest }) => ({
    ...rest,
    ...(chained && { chained }),
    notes: [...notes, ...rest.notes],
    request:
      Object.keys(variables).length === 0
        ? request
        : { ...request, variables: { ...variables, ...request.variables } },
  }))
}

// A credential that is written into the collection must not be copied into the next file.
function readVariables(pairs: readonly Pair[]): { variables: Record<string, string>; notes: string[] } {
  const translator = new TokenTranslator()
  const notes: string[] = []
  const entries = enabled(pairs).flatMap(({ key, value, type }) => {
    const name = translator.name(asText(key))
    const text = translator.text(value)
    const secret = (type === 'secret' || isSecretName(name)) && text !== '' && !text.includes('{{')
    if (secret)
      notes.push(`The variable ${name} of the collection holds a credential, and was not copied: set it.`)
    return secret || name === '' ? [] : [[name, text] as const]
  })
  return { variables: Object.fromEntries(entries), notes }
}

function walk(
  items: readonly (Item | null)[],
  inherited: Inherited,
): (ImportedRequest & { readonly scripts: string })[] {
  return items.flatMap((item) => {
    if (typeof item !== 'object' || item === null) return []
    const auth = item.auth === undefined ? inherited.auth : item.auth
    const own = item.event ?? []
    const name = `${inherited.folder}${item.name ?? 'request'}`
    const passed = {
      ...inherited,
      auth,
      levels: [...inherited.levels, { owner: name, events: own }],
    }
    if (item.item) return walk(item.item, { ...passed, folder: `${name} / ` })
    if (item.request === undefined || item.request === null) return []
    const request = typeof item.request === 'string' ? { method: 'GET', url: item.request } : item.request
    return [readRequest(name, request, { ...passed, auth: request.auth === undefined ? auth : request.auth })]
  })
}

function readRequest(
  name: string,
  request: PostmanRequest,
  { auth, levels, kept }: Inherited,
): ImportedRequest & { readonly scripts: string } {
  const translator = new TokenTranslator()
  const notes: string[] = []
  const signing = readAuth(auth, translator)
  // An authorization takes the place of a header of its name.
  const signed = new Set(signing.headers.map(([key]) => key.toLowerCase()))
  const headers = enabled(headerPairs(request.header))
    .map(({ key, value }) => [translator.text(key), translator.text(value)] as [string, string])
    .filter(([key]) => !signed.has(key.toLowerCase()))
  notes.push(...signing.notes)
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const body = readBody(request.body, contentType, translator, notes)
  const { before, after, files, notes: ofScripts } = keptScripts(levels, kept)
  notes.push(...ofScripts)
  const steps = [...before, ...signing.steps]
  const implied = contentType === undefined ? impliedContentType(request.body) : undefined
  // A body that became JSON sets the type itself; one that is kept as text does not.
  const typed: [string, string][] =
    implied !== undefined && body && 'text' in body ? [['content-type', implied]] : []
  const allHeaders = [...headers, ...typed, ...signing.headers]
  const value: RequestValue = {
    name,
    method: request.method ?? 'GET',
    url: readUrl(request.url, translator, notes),
    ...(signing.query.length > 0 && { query: pairsValue(signing.query) }),
    ...(allHeaders.length > 0 && { headers: pairsValue(allHeaders) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
    ...(after.length > 0 && { tests: [...after] }),
    ...(Object.keys(signing.variables).length > 0 && { variables: signing.variables }),
  }
  notes.push(
    ...translator.notes,
    ...[...translator.renamed].map(([own, original]) => `The variable "${original}" is called ${own} here.`),
  )
  const own = levels.at(-1)?.events ?? []
  return {
    request: value,
    notes,
    ...(Object.keys(files).length > 0 && { files }),
    scripts: `${scriptText(own, 'prerequest')}\n${scriptText(own, 'test')}`,
  }
}

// Of format 2.0: lines of text.
function headerPairs(header: PostmanRequest['header']): readonly Pair[] {
  if (typeof header !== 'string') return header ?? []
  return header.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':')
    return colon < 1 ? [] : [{ key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }]
  })
}

function readUrl(url: PostmanRequest['url'], translator: TokenTranslator, notes: string[]): string {
  const whole: PostmanUrl = typeof url === 'string' ? { raw: url } : (url ?? {})
  const raw = withQueryTable(whole.raw ?? joinedUrl(whole), whole.query)
  if (raw === '') notes.push('A request of the collection has no URL: write one.')
  const variables = new Map((whole.variable ?? []).map(({ key, value }) => [key ?? '', asText(value)]))
  // `/orders/:id`: a path variable, with its value beside the URL.
  const filled = raw.replace(
    /\/:([A-Za-z_][\w-]*)/g,
    (_match, key: string) => `/${variables.get(key) || `{{${key}}}`}`,
  )
  const text = translator.text(filled)
  // Postman sends to http where no scheme is written.
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{|$)/i.test(text) ? text : `http://${text}`
}

// What is sent is the table of the query, not the text of the URL: there "R&D#1" is one value.
function withQueryTable(raw: string, query: PostmanUrl['query']): string {
  if (!Array.isArray(query)) return raw
  const [base = ''] = raw.split(/[?#]/, 1)
  const pairs = enabled(query as readonly Pair[]).map(({ key, value }) => {
    const name = escaped(asText(key)).replaceAll('=', '%3D')
    return value === null || value === undefined ? name : `${name}=${escaped(asText(value))}`
  })
  return pairs.length === 0 ? base : `${base}?${pairs.join('&')}`
}

const escaped = (text: string): string => text.replaceAll('&', '%26').replaceAll('#', '%23')

// Programs that write collections may leave `raw` out.
function joinedUrl({ protocol, host, port, path }: PostmanUrl): string {
  const parts = [path ?? []].flat().map((part) => asText(typeof part === 'object' ? part.value : part))
  return [
    protocol ? `${protocol}://` : '',
    [host ?? []].flat().join('.'),
    port ? `:${port}` : '',
    parts.length > 0 ? `/${parts.join('/').replace(/^\//, '')}` : '',
  ].join('')
}
