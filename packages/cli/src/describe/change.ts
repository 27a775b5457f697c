import type { Description } from './description.ts'

/** A description that differs in one thing. */
export interface Change {
  /** Where it differs: `stages.text`. */
  readonly place: string
  /** What it has there, in words. */
  readonly say: string
  readonly description: Description
}

/** Another value for a part of a description, and what is said about it. */
export interface Other {
  readonly value: unknown
  readonly say: string
}

type Path = readonly (string | number)[]

/** The description with another value at a path. */
export function changed(description: Description, path: Path, { value, say }: Other): Change {
  const place = path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('')
  return { place, say, description: withValue(description, path, value) as Description }
}

function withValue(whole: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(whole))
    return whole.map((item, index) => (index === key ? withValue(item, rest, value) : item))
  const fields = (whole ?? {}) as Record<string, unknown>
  const inner = withValue(fields[key], rest, value)
  if (inner !== undefined) return { ...fields, [key]: inner }
  const { [String(key)]: _, ...others } = fields
  return others
}

/** What else a value may be, without what it is. */
export const others = (
  current: unknown,
  values: readonly unknown[],
  say: (value: unknown) => string,
): Other[] => values.filter((value) => value !== current).map((value) => ({ value, say: say(value) }))

/** Every order of some things; of more than five, those where two neighbours change places. */
export function* orders<Item>(items: readonly Item[]): Generator<readonly Item[], void, undefined> {
  if (items.length <= 5) {
    for (const order of permutations(items))
      if (order.some((item, index) => item !== items[index])) yield order
    return
  }
  for (let index = 1; index < items.length; index += 1) {
    const order = [...items]
    ;[order[index - 1], order[index]] = [order[index] as Item, order[index - 1] as Item]
    yield order
  }
}

function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[], void, undefined> {
  if (items.length === 0) yield []
  for (const [index, item] of items.entries())
    for (const rest of permutations(items.filter((_, other) => other !== index))) yield [item, ...rest]
}
