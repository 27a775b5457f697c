import type { Secret } from '../base/secret.ts'
import type { PairList } from '../contract/step.ts'
import { fillIfKnown } from '../outputs/fill.ts'
import type { RuntimeValues } from '../outputs/runtime-values.ts'
import type { Draft, HeaderEntry, QueryEntry } from '../template/draft.ts'
import type { Text } from '../template/text.ts'
import { separatorOf, wireHeader } from '../wire/headers.ts'
import { decodePair } from '../wire/query.ts'

/** A value that a script gives, as text. */
export type PlainText = (list: 'headers' | 'query', name: string, value: string | Secret) => string

/** The headers of a draft, for scripts; `checkOpen` refuses what is closed. */
export function headerList(
  draft: Draft,
  values: RuntimeValues,
  plainText: PlainText,
  checkOpen: (name: string) => void,
): PairList {
  const is = (entry: HeaderEntry, name: string): boolean => entry.name.toLowerCase() === name.toLowerCase()
  return {
    get: (name) => {
      const texts = draft.headers
        .filter((entry) => is(entry, name))
        .map((entry) => fillIfKnown(entry.value, values))
      return texts.length === 0 || texts.includes(null) ? null : texts.join(separatorOf(name.toLowerCase()))
    },
    set: (name, value) => {
      const text = plainText('headers', name, value)
      checkOpen(name.toLowerCase())
      const [wireName, wireValue] = wireHeader(name, text)
      replaceFirst(draft.headers, (entry) => is(entry, name), { name: wireName, value: wireValue })
    },
    append: (name, value) => {
      const text = plainText('headers', name, value)
      checkOpen(name.toLowerCase())
      const [wireName, wireValue] = wireHeader(name, text)
      draft.headers.push({ name: wireName, value: wireValue })
    },
    delete: (name) => {
      checkOpen(name.toLowerCase())
      draft.headers = draft.headers.filter((entry) => !is(entry, name))
    },
    *entries() {
      // A copy: who adds pairs on the way does not walk for ever.
      for (const { name, value } of [...draft.headers]) {
        const filled = fillIfKnown(value, values)
        if (filled !== null) yield [name.toLowerCase(), filled]
      }
    },
  }
}

/** The query of a draft, for scripts; `checkOpen` refuses when it is closed. */
export function queryList(
  draft: Draft,
  values: RuntimeValues,
  plainText: PlainText,
  checkOpen: () => void,
): PairList {
  const nameOf = (entry: QueryEntry): string | null =>
    'raw' in entry ? rawName(entry.raw, values) : fillIfKnown(entry.name, values)
  return {
    get: (name) => {
      const found = draft.query.find((entry) => nameOf(entry) === name)
      return found ? (pairOf(found, values)?.[1] ?? null) : null
    },
    set: (name, value) => {
      checkOpen()
      replaceFirst(draft.query, (entry) => nameOf(entry) === name, {
        name,
        value: plainText('query', name, value),
      })
    },
    append: (name, value) => {
      checkOpen()
      draft.query.push({ name, value: plainText('query', name, value) })
    },
    delete: (name) => {
      checkOpen()
      draft.query = draft.query.filter((entry) => nameOf(entry) !== name)
    },
    *entries() {
      for (const entry of [...draft.query]) {
        const pair = pairOf(entry, values)
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
function rawName(raw: Text, values: RuntimeValues): string | null {
  if (typeof raw === 'string') return decodePair(raw)[0]
  let known = ''
  for (const piece of raw) {
    const text = fillIfKnown([piece], values)
    if (text === null) return null
    known += text
    if (text.includes('=')) break
  }
  return decodePair(known)[0]
}

/** A decoded pair of the query; `null` while it waits for an output. */
function pairOf(entry: QueryEntry, values: RuntimeValues): [string, string] | null {
  if ('raw' in entry) {
    const raw = fillIfKnown(entry.raw, values)
    return raw === null ? null : decodePair(raw)
  }
  const name = fillIfKnown(entry.name, values)
  const value = fillIfKnown(entry.value, values)
  return name === null || value === null ? null : [name, value]
}
