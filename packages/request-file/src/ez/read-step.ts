import { fileStem, type ImportedRequest, pairsValue, textBody } from '../imported/imported-request.ts'
import type { RequestValue } from '../model/request-value.ts'
import { withoutCredentials } from '../source/credentials.ts'
import type { Fields } from './fields.ts'

type Known = 'url' | 'method' | 'query' | 'headers' | 'body' | 'script' | 'name' | 'flow'

// Keys of an API step that the product's pages name, or that say themselves what they are.
const known: Readonly<Record<string, Known>> = {
  'endpoint url': 'url',
  url: 'url',
  method: 'method',
  'endpoint params': 'query',
  params: 'query',
  'endpoint headers': 'headers',
  headers: 'headers',
  body: 'body',
  'endpoint body': 'body',
  'pre-request script': 'script',
  'pre request script': 'script',
  'prerequest script': 'script',
  'source name': 'name',
  'target name': 'name',
  name: 'name',
  // Read for the flow.
  pagination: 'flow',
  'numeric params': 'flow',
  'numeric parameters': 'flow',
}

/** Whether a map is an API step: it says where the request goes. */
export const isStep = (value: unknown): value is Fields =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.keys(value).some((key) => known[key.toLowerCase()] === 'url')

/** Credentials are not copied into the next file. */
export const unknownNote = (key: string, value: unknown): string =>
  `Not known, and kept here as it was: ${withoutCredentials(`${JSON.stringify(key)}: ${JSON.stringify(value)}`)}`

/** Reads an API step. `isPaginated`: its pagination was read, and is no news. */
export function readStep(place: string, step: Fields, isPaginated: boolean, id?: string): ImportedRequest {
  const fields = new Map<Known, unknown>()
  const unknown: [string, unknown][] = []
  for (const [key, value] of Object.entries(step)) {
    const field = known[key.toLowerCase()]
    if (field === 'flow') {
      if (!isPaginated) unknown.push([key, value])
    } else if (field === undefined || fields.has(field)) unknown.push([key, value])
    else fields.set(field, value)
  }
  const name = typeof fields.get('name') === 'string' ? (fields.get('name') as string) : place || 'request'
  const query = pairs(fields.get('query'))
  const headers = pairs(fields.get('headers'))
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const script = fields.get('script')
  const file = `${id ?? fileStem(name)}.py`
  const request: RequestValue = {
    name,
    method: typeof fields.get('method') === 'string' ? (fields.get('method') as string).toUpperCase() : 'GET',
    url: String(fields.get('url')).replace(/\?$/, ''),
    ...(query.length > 0 && { query: pairsValue(query) }),
    ...(headers.length > 0 && { headers: pairsValue(headers) }),
    ...bodyOf(fields.get('body'), contentType),
    ...(typeof script === 'string' && script.trim() !== '' && { preRequest: [{ script: `./${file}` }] }),
  }
  const notes = unknown
    .filter(([, value]) => value !== null && value !== '')
    .map(([key, value]) => `${unknownNote(key, value)} (in ${name})`)
  return {
    request,
    notes,
    ...(typeof script === 'string' && script.trim() !== '' && { files: { [file]: script } }),
  }
}

// Both token syntaxes are the same here and there, so texts stay as they are.
function bodyOf(body: unknown, contentType: string | undefined): Pick<RequestValue, 'body'> {
  if (body === undefined || body === null || body === '') return {}
  if (typeof body === 'object') return { body: { json: body } }
  return { body: textBody(String(body), contentType, (text) => text) }
}

function pairs(value: unknown): [string, string][] {
  if (Array.isArray(value))
    return value.flatMap((entry: { key?: unknown; value?: unknown } | null) =>
      entry && typeof entry.key === 'string' && entry.key !== ''
        ? [[entry.key, String(entry.value ?? '')] as [string, string]]
        : [],
    )
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([key, item]) => [key, String(item)])
}
