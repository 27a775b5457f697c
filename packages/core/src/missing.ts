import { nearest } from './nearest.ts'

/** A name without a value, and where it stands. */
export interface Missing {
  readonly name: string
  readonly place: string
}

/** Missing names as errors tell them, for programs and as text: once a place, each with the nearest known name. */
export function tellMissing(
  noted: readonly Missing[],
  known: Iterable<string>,
  shown: (name: string) => string,
): { missing: (Missing & { nearest: string | undefined })[]; lines: string } {
  const names = [...known]
  const once = new Map(noted.map((entry) => [`${entry.name} ${entry.place}`, entry]))
  const missing = [...once.values()].map((entry) => ({ ...entry, nearest: nearest(entry.name, names) }))
  const lines = missing.map(
    ({ name, place, nearest: close }) =>
      `${shown(name)} in ${place}${close && close !== name ? ` (did you mean ${shown(close)}?)` : ''}`,
  )
  return { missing, lines: lines.join('; ') }
}
