import { EzError } from '@ez/core'
import type { RequestValue } from '../files/request-file.ts'
import { type ImportedRequest, pairsValue } from './draft.ts'
import { type PostmanAuth, readAuth } from './postman-auth.ts'
import { enabled, impliedContentType, type Pair, type PostmanBody, readBody } from './postman-body.ts'
import { keptScript, type PostmanEvent, publishedNames } from './postman-script.ts'
import { TokenTranslator } from './tokens.ts'

interface PostmanRequest {
  readonly method?: string
  readonly url?: string | { readonly raw?: string; readonly variable?: readonly Pair[] }
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
  readonly info?: { readonly schema?: string }
  readonly variable?: readonly Pair[]
}

interface Inherited {
  readonly auth: PostmanAuth | null | undefined
  readonly events: readonly PostmanEvent[]
  readonly folder: string
}

/**
 * Reads a Postman collection, format v2.0 or v2.1.
 *
 * Source: schema.postman.com, "collection/json/v2.1.0".
 *
 * @throws EZ_IMPORT_INVALID
 */
export function importPostman(text: string): ImportedRequest[] {
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
  const variables = Object.fromEntries(
    enabled(collection.variable ?? []).map(({ key, value }) => [key ?? '', value ?? '']),
  )
  const requests = walk(collection.item, {
    auth: collection.auth,
    events: collection.event ?? [],
    folder: '',
  })
  const shared = translated(variables)
  if (Object.keys(shared).length === 0) return requests
  return requests.map(({ request, ...rest }) => ({
    ...rest,
    request: { ...request, variables: { ...shared, ...request.variables } },
  }))
}

function translated(variables: Readonly<Record<string, string>>): Record<string, string> {
  const translator = new TokenTranslator()
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [translator.name(name), translator.text(value)]),
  )
}

function walk(items: readonly Item[], inherited: Inherited): ImportedRequest[] {
  return items.flatMap((item) => {
    const auth = item.auth === undefined ? inherited.auth : item.auth
    const events = [...inherited.events, ...(item.event ?? [])]
    const name = `${inherited.folder}${item.name ?? 'request'}`
    if (item.item) return walk(item.item, { auth, events, folder: `${name} / ` })
    if (item.request === undefined) return []
    const request = typeof item.request === 'string' ? { method: 'GET', url: item.request } : item.request
    return [
      readRequest(name, request, {
        auth: request.auth === undefined ? auth : request.auth,
        events,
        folder: '',
      }),
    ]
  })
}

function readRequest(name: string, request: PostmanRequest, { auth, events }: Inherited): ImportedRequest {
  const translator = new TokenTranslator(publishedNames(events))
  const notes: string[] = []
  const headers = (typeof request.header === 'string' ? [] : enabled(request.header ?? [])).map(
    ({ key, value }) => [translator.text(key ?? ''), translator.text(value ?? '')] as [string, string],
  )
  const signing = readAuth(auth, translator)
  notes.push(...signing.notes)
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const body = readBody(request.body, contentType, translator, notes)
  const script = keptScript(name, events)
  if (script) notes.push(...script.notes)
  const steps = [...(script ? [{ script: `./${script.file}` }] : []), ...signing.steps]
  const implied = contentType === undefined ? impliedContentType(request.body) : undefined
  // A body that became JSON sets the type itself; one that is kept as text does not.
  const typed: [string, string][] =
    implied !== undefined && body && 'text' in body ? [['content-type', implied]] : []
  const allHeaders = [...headers, ...typed, ...signing.headers]
  const value: RequestValue = {
    name,
    method: request.method ?? 'GET',
    url: readUrl(request.url, translator),
    ...(signing.query.length > 0 && { query: pairsValue(signing.query) }),
    ...(allHeaders.length > 0 && { headers: pairsValue(allHeaders) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
    ...(Object.keys(signing.variables).length > 0 && { variables: signing.variables }),
  }
  notes.push(
    ...translator.notes,
    ...[...translator.renamed].map(([own, original]) => `The variable "${original}" is called ${own} here.`),
  )
  return { request: value, notes, ...(script && { files: { [script.file]: script.text } }) }
}

function readUrl(url: PostmanRequest['url'], translator: TokenTranslator): string {
  const raw = typeof url === 'string' ? url : (url?.raw ?? '')
  const variables = new Map(
    typeof url === 'string' ? [] : (url?.variable ?? []).map(({ key, value }) => [key ?? '', value ?? '']),
  )
  // `/orders/:id`: a path variable, with its value beside the URL.
  const filled = raw.replace(
    /\/:([A-Za-z_][\w-]*)/g,
    (_match, key: string) => `/${variables.get(key) || `{{${key}}}`}`,
  )
  const text = translator.text(filled)
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{)/i.test(text) ? text : `https://${text}`
}
