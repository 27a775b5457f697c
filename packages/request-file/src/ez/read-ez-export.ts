import { EzError } from '@ez/core'
import type { ImportedRequest } from '../imported/imported-request.ts'
import type { Fields } from './fields.ts'
import { type Bridge, bridgeOf, readBridge } from './read-bridge.ts'
import { isStep, readStep, unknownNote } from './read-step.ts'

/**
 * Reads an export of eZintegrations (`.ez` or `.json`): sources, operations and targets become the steps of a flow, with
 * pages, records and pre-request scripts, as far as the product's pages document their keys. API steps that stand in no
 * integration become requests. What is unknown is kept in a note, by its key.
 *
 * Sources: eZintegrations, "Import integration using API", "API Pagination Methods", "Define Pagination with Custom Logic".
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
  const found = partsOf(value, '', outside)
  const bridges = found.flatMap(({ bridge }) => bridge ?? [])
  const imported = found.flatMap(({ place, bridge, step }, index) => {
    if (bridge) return readBridge(bridge, bridges.length > 1 ? `-${bridges.indexOf(bridge) + 1}` : '')
    const read = readStep(
      place,
      step as Fields,
      false,
      bridges.length > 0 ? `request-${index + 1}` : undefined,
    )
    return bridges.length > 0 ? [{ ...read, chained: true }] : [read]
  })
  if (imported.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'The export holds no API step: nothing in it has an "Endpoint URL".',
    )
  if (bridges.length > 1)
    outside.unshift(`The export holds ${bridges.length} integrations, which run one after the other here.`)
  const [first, ...others] = imported as [ImportedRequest, ...ImportedRequest[]]
  return [{ ...first, notes: [...outside, ...first.notes] }, ...others]
}

interface Part {
  readonly place: string
  readonly bridge?: Bridge
  readonly step?: Fields
}

// Wherever they stand: exports nest them differently. What holds no step, and is in none, is told.
function partsOf(value: unknown, place: string, outside: string[]): Part[] {
  if (typeof value !== 'object' || value === null) return []
  if (isStep(value)) return [{ place, step: value }]
  const bridge = Array.isArray(value) ? undefined : bridgeOf(value as Fields, place)
  if (bridge) return [{ place, bridge }]
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = place === '' ? key : `${place} / ${key}`
    if (holdsStep(item)) return partsOf(item, inner, outside)
    if (item !== null && item !== '' && key !== 'file_name') outside.push(unknownNote(inner, item))
    return []
  })
}

function holdsStep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return isStep(value) || Object.values(value).some(holdsStep)
}
