import type { PairSource } from '../language/description.ts'
import type { Pair, Reading, Run } from '../run/run.ts'
import { unsignable } from '../run/values.ts'
import { jsonText } from './json.ts'
import { formOf } from './reference.ts'

/** A pair of the request, or a computed one, before it is chosen. */
export interface Item extends Pair {
  /** What is chosen by: in lower case for headers. */
  readonly key: string
  /** Of a computed pair: gives its value. */
  readonly compute?: (run: Run) => string
  /** Which part of the request it is; empty for a computed pair. */
  readonly part: string
}

/** The pairs of a source. @throws EZ_BODY_UNSIGNABLE */
export function pairsOf({ source }: Run, of: PairSource, reading: Reading | undefined): Item[] {
  const kind = of === 'headers' ? 'header' : of.replace('?', '')
  return read().map((pair) => ({ ...pair, key: pair.name, part: `${kind}:${pair.name}` }))

  function read(): readonly Pair[] {
    if (of === 'query') return source.queryPairs(reading ?? 'percent')
    if (of === 'form') return formOf(source.formPairs(reading ?? 'form'))
    if (of === 'form?') return source.formPairs(reading ?? 'form') ?? []
    if (of === 'headers') return source.headers().map(([name, value]) => ({ name, value, bare: false }))
    const value = source.json()
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw unsignable('it is no JSON object')
    return Object.entries(value).map(([name, member]) => ({ name, value: jsonText(member), bare: false }))
  }
}

/** The first of the items of each key. */
export function withoutRepeated<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Set<string>()
  return items.filter((item) => {
    const key = keyOf(item)
    return !seen.has(key) && seen.add(key)
  })
}

/** One pair for each name, the values joined. */
export function grouped(pairs: readonly Pair[], separator: string): readonly Pair[] {
  const values = new Map<string, Pair>()
  for (const pair of pairs) {
    const earlier = values.get(pair.name)
    values.set(pair.name, earlier ? { ...earlier, value: earlier.value + separator + pair.value } : pair)
  }
  return [...values.values()]
}
