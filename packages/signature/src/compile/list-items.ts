import type { Pair } from '../run/run.ts'

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
