import type { ImportedRequest } from '../imported/imported-request.ts'
import type { FlowStepValue, RequestValue } from '../model/request-value.ts'
import { type Fields, field, isFields, jsonPathOf, plainKey, textField } from './fields.ts'
import { paginationOf } from './pagination.ts'
import { isStep, readStep, unknownNote } from './read-step.ts'

/** An integration of the product: a source, operations on its records, a target. */
export interface Bridge {
  readonly place: string
  readonly source: readonly Fields[]
  readonly operations: unknown
  readonly target: readonly Fields[]
  /** What else it says. */
  readonly rest: readonly (readonly [string, unknown])[]
}

const parts: Readonly<Record<string, 'source' | 'operations' | 'target'>> = {
  source: 'source',
  sources: 'source',
  datasource: 'source',
  datasources: 'source',
  sourceparameters: 'source',
  operation: 'operations',
  operations: 'operations',
  dataoperations: 'operations',
  target: 'target',
  targets: 'target',
  datatarget: 'target',
  datatargets: 'target',
  targetparameters: 'target',
}
// What they are called in the product, and nothing that a request needs.
const labels = new Set([
  'sourcetype',
  'targettype',
  'productname',
  'sourcebusinessobject',
  'targetbusinessobject',
  'filename',
])

/** The bridge in a map that has a source with an API step; `undefined` for any other. */
export function bridgeOf(value: Fields, place: string): Bridge | undefined {
  const found = {
    source: undefined as unknown,
    operations: undefined as unknown,
    target: undefined as unknown,
  }
  const rest: [string, unknown][] = []
  for (const [key, item] of Object.entries(value)) {
    const part = parts[plainKey(key)]
    if (part !== undefined && found[part] === undefined) found[part] = item
    else if (!labels.has(plainKey(key)) && item !== null && item !== '') rest.push([key, item])
  }
  const source = stepsIn(found.source)
  if (source.length === 0) return undefined
  const target = stepsIn(found.target)
  const kept: [string, unknown][] =
    target.length === 0 && isMeant(found.target) ? [['Target', found.target]] : []
  return { place, source, operations: found.operations, target, rest: [...rest, ...kept] }
}

const isMeant = (value: unknown): boolean =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  JSON.stringify(value) !== '{}' &&
  JSON.stringify(value) !== '[]'

function stepsIn(value: unknown): Fields[] {
  if (isStep(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stepsIn)
}

/**
 * A bridge as flow steps: each source with its pages and records; operations that call an API and targets run once for each
 * record of the last source.
 */
export function readBridge(
  { place, source, operations, target, rest }: Bridge,
  suffix: string,
): ImportedRequest[] {
  const notes = rest.map(([key, value]) => unknownNote(place === '' ? key : `${place} / ${key}`, value))
  const { records: chopped, calls, notes: told } = readOperations(operations)
  const sources = source.map((step, index) => numbered(step, `source${suffix}`, index, place))
  const last = sources.at(-1) as ImportedRequest
  const consumers = [
    ...calls.map((step, index) => numbered(step, `operation${suffix}`, index, place)),
    ...target.map((step, index) => numbered(step, `target${suffix}`, index, place)),
  ]
  const { id, paginate } = last.request as FlowStepValue
  const items = (paginate as { items?: string } | undefined)?.items
  const records = chopped ?? items ?? (consumers.length > 0 ? '$' : undefined)
  if (consumers.length > 0 && chopped === undefined && items === undefined)
    told.push(
      `The export does not say where the records of ${id} stand: records: '$' takes the whole answer as the list. Correct the path.`,
    )
  const withRecords: ImportedRequest = {
    ...last,
    request: {
      ...last.request,
      ...(records !== undefined && records !== items && { records }),
    } as RequestValue,
    notes: [...notes, ...told, ...last.notes],
  }
  return [
    ...sources.slice(0, -1),
    withRecords,
    ...consumers.map((consumer) => ({ ...consumer, request: ofEach(consumer.request, id) })),
  ]
}

function numbered(step: Fields, stem: string, index: number, place: string): ImportedRequest {
  const id = index === 0 ? stem : `${stem}-${index + 1}`
  const read = readStep(place === '' ? id : `${place} / ${id}`, step, true, id)
  const pages = paginationOf(step, read.request, id)
  const { name, ...request } = pages?.request ?? read.request
  const own = textField(step, 'Name', 'Source Name', 'Target Name')
  const unread =
    pages === undefined && isFields(field(step, 'Pagination'))
      ? [unknownNote('Pagination', field(step, 'Pagination'))]
      : []
  return {
    chained: true,
    request: {
      id,
      ...(own !== undefined && name !== undefined && { name }),
      ...request,
      ...(pages && { paginate: pages.paginate }),
    } as RequestValue,
    notes: [...read.notes, ...(pages?.notes ?? unread)],
    ...((read.files ?? pages?.files) && { files: { ...read.files, ...pages?.files } }),
  }
}

// What comes out of the operations is what the target sends.
function ofEach(request: RequestValue, id: string): RequestValue {
  const sends = /^(?:POST|PUT|PATCH)$/.test(request.method ?? 'GET') && request.body === undefined
  return { ...request, each: id, ...(sends && { body: { json: '{{record}}' } }) } as RequestValue
}

interface Operations {
  /** Path of the list that is made records of. */
  readonly records: string | undefined
  /** Operations that call an API. */
  readonly calls: readonly Fields[]
  readonly notes: string[]
}

function readOperations(operations: unknown): Operations {
  if (typeof operations !== 'object' || operations === null)
    return { records: undefined, calls: [], notes: [] }
  let records: string | undefined
  const calls: Fields[] = []
  const notes: string[] = []
  const entries: [string, unknown][] = Array.isArray(operations)
    ? operations.flatMap((item): [string, unknown][] =>
        isFields(item) && !isStep(item) ? Object.entries(item) : [['Operation', item]],
      )
    : isStep(operations)
      ? [['Operation', operations]]
      : Object.entries(operations)
  for (const [name, operation] of entries) {
    const chop = isFields(operation) ? textField(operation, 'Chop Key') : undefined
    const found = stepsIn(operation)
    if (found.length > 0) calls.push(...found)
    else if (chop !== undefined && records === undefined) records = jsonPathOf(chop)
    else if (isMeant(operation))
      notes.push(
        `${unknownNote(name, operation)} (an operation: do its work before, or in a script of the target)`,
      )
  }
  return { records, calls, notes }
}
