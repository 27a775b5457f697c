/** A map of an export, by its own keys. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is a map. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A key without what exports write differently: `User key`, `userKey` and `user_key` are one. */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[^a-z]/g, '')

/** The value under the first of some keys, in any spelling. */
export function field(fields: Fields, ...keys: readonly string[]): unknown {
  const wanted = new Set(keys.map(plainKey))
  return Object.entries(fields).find(([key]) => wanted.has(plainKey(key)))?.[1]
}

/** A text under one of some keys; `undefined` where there is none, or an empty one. */
export function textField(fields: Fields, ...keys: readonly string[]): string | undefined {
  const value = field(fields, ...keys)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** A number under one of some keys, which exports write as a text too. */
export function numberField(fields: Fields, ...keys: readonly string[]): number | undefined {
  const value = field(fields, ...keys)
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

const response = 'bizdata_dataset_response'

/**
 * A path of the product as JSONPath: `['items']`, `['bizdata_dataset_response']['data']`, `hasMore`. The response itself
 * is the root.
 */
export function jsonPathOf(path: string): string {
  const text = path.trim()
  const parts = /^\[/.test(text)
    ? [...text.matchAll(/\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/g)].map(
        ([, single, double, index]) => single ?? double ?? Number(index),
      )
    : // A name with a dot that is no path: `@odata.nextLink`.
      /^@/.test(text)
      ? [text]
      : text.split('.')
  const own = parts[0] === response ? parts.slice(1) : parts
  return `$${own.map((part) => (typeof part === 'number' ? `[${part}]` : /^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `['${part.replace(/['\\]/g, '\\$&')}']`)).join('')}`
}
