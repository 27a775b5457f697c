import { EzError } from '@ez/core'
import { fileStem, type ImportedRequest, pairsValue, textBody } from '../imported/imported-request.ts'
import type { RequestValue } from '../model/request-value.ts'
import { withoutCredentials } from '../source/credentials.ts'

type Fields = Readonly<Record<string, unknown>>

// Keys of an API step that the product's pages name, or that say themselves what they are.
const known: Readonly<Record<string, 'url' | 'method' | 'query' | 'headers' | 'body' | 'script' | 'name'>> = {
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
}

/**
 * Reads an export of eZintegrations (`.ez` or `.json`) as far as its keys are documented: endpoint URL, method,
 * parameters, and what else says itself what it is. What is unknown is kept in a note, by its key.
 *
 * Source: eZintegrations, "Import integration using API".
 *
 * @throws EZ_IMPORT_INVALID
 */
export function readEzExport(text: string): ImportedRequest[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new EzError('EZ_IMPORT_INVALID', `The export is not JSON: ${(cause as Error).message}`)
  }
  const outside: string[] = []
  const imported = steps(value, '', outside).map(({ place, step }) => readStep(place, step))
  if (imported.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'The export holds no API step: nothing in it has an "Endpoint URL".',
    )
  const [first, ...others] = imported as [ImportedRequest, ...ImportedRequest[]]
  return [{ ...first, notes: [...outside, ...first.notes] }, ...others]
}

// Wherever they stand: sources, operations and targets are nested differently from export to export. What holds no
// step, and is in none, is told.
function steps(value: unknown, place: string, outside: string[]): { place: string; step: Fields }[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  if (!Array.isArray(value) && entries.some(([key]) => known[key.toLowerCase()] === 'url'))
    return [{ place, step: value as Fields }]
  return entries.flatMap(([key, item]) => {
    const inner = place === '' ? key : `${place} / ${key}`
    if (holdsStep(item)) return steps(item, inner, outside)
    if (item !== null && item !== '') outside.push(unknownNote(inner, item))
    return []
  })
}

function holdsStep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, item]) => (!Array.isArray(value) && known[key.toLowerCase()] === 'url') || holdsStep(item),
  )
}

// Credentials are not copied into the next file.
const unknownNote = (key: string, value: unknown): string =>
  `Not known, and kept here as it was: ${withoutCredentials(`${JSON.stringify(key)}: ${JSON.stringify(value)}`)}`

function readStep(place: string, step: Fields): ImportedRequest {
  const fields = new Map<string, unknown>()
  const unknown: [string, unknown][] = []
  for (const [key, value] of Object.entries(step)) {
    const field = known[key.toLowerCase()]
    if (field === undefined || fields.has(field)) unknown.push([key, value])
    else fields.set(field, value)
  }
  const name = typeof fields.get('name') === 'string' ? (fields.get('name') as string) : place || 'request'
  const query = pairs(fields.get('query'))
  const headers = pairs(fields.get('headers'))
  const contentType = headers.find(([key]) => key.toLowerCase() === 'content-type')?.[1]
  const body = fields.get('body')
  const script = fields.get('script')
  const file = `${fileStem(name)}.py`
  const request: RequestValue = {
    name,
    method: typeof fields.get('method') === 'string' ? (fields.get('method') as string).toUpperCase() : 'GET',
    url: String(fields.get('url')),
    ...(query.length > 0 && { query: pairsValue(query) }),
    ...(headers.length > 0 && { headers: pairsValue(headers) }),
    ...bodyOf(body, contentType),
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
