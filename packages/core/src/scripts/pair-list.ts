import type { Secret } from '../base/secret.ts'
import type { PairList } from '../contract/step.ts'
import type { Runtime } from '../outputs/runtime-values.ts'
import type { Draft, HeaderEntry, QueryEntry } from '../resolve/resolve-template.ts'
import { fillIfKnown, type Text } from '../template/text.ts'
import { separatorOf, wireHeader } from '../wire/headers.ts'

/** A value that a script gives, as text. */
export type PlainText = (list: 'headers' | 'query', name: string, value: string | Secret) => string

/** The headers of a draft, for scripts; `open` refuses what is closed. */
export function headerList(
  draft: Draft,
  runtime: Runtime,
  plainText: PlainText,
  open: (name: string) => void,
): PairList {
  const is = (entry: HeaderEntry, name: string): boolean => entry.name.toLowerCase() === name.toLowerCase()
  return {
    get: (name) => {
      const values = draft.headers
        .filter((entry) => is(entry, name))
        .map((entry) => fillIfKnown(entry.value, runtime))
      return values.length === 0 || values.includes(null)
        ? null
        : values.join(separatorOf(name.toLowerCase()))
    },
    set: (name, value) => {
      const text = plainText('headers', name, value)
      open(name.toLowerCase())
      const [wireName, wireValue] = wireHeader(name, text)
      replaceFirst(draft.headers, (entry) => is(entry, name), { name: wireName, value: wireValue })
    },
    append: (name, value) => {
      const text = plainText('headers', name, value)
      open(name.toLowerCase())
      const [wireName, wireValue] = wireHeader(name, text)
      draft.headers.push({ name: wireName, value: wireValue })
    },
    delete: (name) => {
      open(name.toLowerCase())
      draft.headers = draft.headers.filter((entry) => !is(entry, name))
    },
    *entries() {
      // A copy: who adds pairs on the way does not walk for ever.
      for (const { name, value } of [...draft.headers]) {
        const filled = fillIfKnown(value, runtime)
        if (filled !== null) yield [name.toLowerCase(), filled]
      }
    },
  }
}

/** The query of a draft, for scripts; `open` refuses when it is closed. */
export function queryList(draft: Draft, runtime: Runtime, plainText: PlainText, open: () => void): PairList {
  const nameOf = (entry: QueryEntry): string | null =>
    'raw' in entry ? rawName(entry.raw, runtime) : fillIfKnown(entry.name, runtime)
  return {
    get: (name) => {
      const found = draft.query.find((entry) => nameOf(entry) === name)
      return found ? (pairOf(found, runtime)?.[1] ?? null) : null
    },
    set: (name, value) => {
      open()
      replaceFirst(draft.query, (entry) => nameOf(entry) === name, {
        name,
        value: plainText('query', name, value),
      })
    },
    append: (name, value) => {
      open()
      draft.query.push({ name, value: plainText('query', name, value) })
    },
    delete: (name) => {
      open()
      draft.query = draft.query.filter((entry) => nameOf(entry) !== name)
    },
    *entries() {
      for (const entry of [...draft.query]) {
        const pair = pairOf(entry, runtime)
        if (pair) yield pair
      }
    },
  }
}

function replaceFirst<Entry>(entries: Entry[], matches: (entry: Entry) => boolean, entry: Entry): void {
  const first = entries.findIndex(matches)
  if (first < 0) {
    entries.push(entry)
    return
  }
  entries[first] = entry
  for (let index = entries.length - 1; index > first; index -= 1)
    if (matches(entries[index] as Entry)) entries.splice(index, 1)
}

/** The decoded name of a segment, which may be known while the value still waits for an output. */
function rawName(raw: Text, runtime: Runtime): string | null {
  if (typeof raw === 'string') return decodePair(raw)[0]
  let known = ''
  for (const piece of raw) {
    const text = fillIfKnown([piece], runtime)
    if (text === null) return null
    known += text
    if (text.includes('=')) break
  }
  return decodePair(known)[0]
}

/** A decoded pair of the query; `null` while it waits for an output. */
export function pairOf(entry: QueryEntry, runtime: Runtime): [string, string] | null {
  if ('raw' in entry) {
    const raw = fillIfKnown(entry.raw, runtime)
    return raw === null ? null : decodePair(raw)
  }
  const name = fillIfKnown(entry.name, runtime)
  const value = fillIfKnown(entry.value, runtime)
  return name === null || value === null ? null : [name, value]
}

/** A `name=value` segment decoded; `+` is a space, as in forms. */
export function decodePair(segment: string): [string, string] {
  const equals = segment.indexOf('=')
  const decode = (text: string): string => {
    const spaced = text.replaceAll('+', ' ')
    try {
      return decodeURIComponent(spaced)
    } catch {
      return spaced
    }
  }
  return equals < 0
    ? [decode(segment), '']
    : [decode(segment.slice(0, equals)), decode(segment.slice(equals + 1))]
}
