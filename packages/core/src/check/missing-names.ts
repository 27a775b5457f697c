import { nearest } from '../base/nearest.ts'
import { Secret } from '../base/secret.ts'

/** A name without a value, and where it stands. */
export interface Missing {
  readonly name: string
  readonly place: string
  /** The name's parts, when it is a path. */
  readonly path?: readonly string[]
  /** Which of them is missing, and in what. */
  readonly at?: number
  readonly container?: unknown
}

interface DescribedName {
  readonly name: string
  readonly place: string
  readonly nearest: string | undefined
}

// Each is compared with every known name.
const mostSuggestions = 50

/** Missing names as errors tell them, for programs and as text: once a place, each with the nearest known name. */
export function describeMissing(
  entries: readonly Missing[],
  known: Iterable<string>,
  write: (name: string) => string,
): { missing: DescribedName[]; lines: string } {
  const names = [...known]
  const once = new Map<string, Missing>()
  for (const entry of entries) {
    const place = entry.place.startsWith('headers.') ? entry.place.toLowerCase() : entry.place
    once.set(`${entry.name} ${place}`, { ...entry, place })
  }
  const missing = [...once.values()].map((entry, index) => {
    const { name, place } = entry
    return { name, place, nearest: index < mostSuggestions ? suggestion(entry, names) : undefined }
  })
  const lines = missing.map(
    ({ name, place, nearest: close }) =>
      `${write(name)} in ${place}${close && close !== name ? ` (did you mean ${write(close)}?)` : ''}`,
  )
  return { missing, lines: lines.join('; ') }
}

/** The path as written, with its missing part replaced by the nearest known one. */
function suggestion(
  { name, path = [name], at = 0, container }: Missing,
  names: readonly string[],
): string | undefined {
  const wrong = path[at] as string
  const close = nearest(wrong, at === 0 ? names : keysOf(container))
  // Also a name that stands for a whole path, such as config_host for config.host.
  if (close === undefined) return at === 0 ? nearest(name, names) : undefined
  const start = at === 0 ? 0 : name.lastIndexOf(wrong)
  return name.slice(0, start) + close + name.slice(start + wrong.length)
}

function keysOf(container: unknown): string[] {
  const isRecord = typeof container === 'object' && container !== null
  return isRecord && !Array.isArray(container) && !Secret.isInstance(container) ? Object.keys(container) : []
}
