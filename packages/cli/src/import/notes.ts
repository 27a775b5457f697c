import { printable } from '../output/printable.ts'
import type { Found } from './read.ts'

const mostPlaces = 4

/** What has no counterpart, or is to be done by hand: each thing once, with the requests that it is about. */
export function noteLines(found: readonly Found[]): string[] {
  const places = new Map<string, string[]>()
  for (const { imported, source } of found) {
    const { name, method, url } = imported.request
    const request = name ?? (found.length > 1 ? `${method} ${url}` : undefined)
    const place = [source.name, request && `"${request}"`].filter((part) => part !== undefined).join(': ')
    for (const note of imported.notes) places.set(note, [...(places.get(note) ?? []), place])
  }
  return [...places].map(([note, all]) => {
    const shown = [...new Set(all)].filter((place) => place !== '')
    const more = shown.length > mostPlaces ? `, and ${shown.length - mostPlaces} more` : ''
    const where = shown.length === 0 ? '' : ` (${shown.slice(0, mostPlaces).join(', ')}${more})`
    return printable(`note: ${note}${where}`)
  })
}
