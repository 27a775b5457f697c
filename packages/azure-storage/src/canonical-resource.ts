import type { Target } from './target.ts'

/**
 * Account, path and every query parameter, one per line: names in lower case and sorted, the values of one
 * name sorted and joined with a comma.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", "2009-09-19 and later Shared Key format".
 */
export function createCanonicalResource(accountName: string, { path, query }: Target): string {
  const values = new Map<string, string[]>()
  for (const [name, value] of query) {
    const key = name.toLowerCase()
    const known = values.get(key)
    if (known) known.push(value)
    else values.set(key, [value])
  }
  const lines = [...values.keys()].sort().map((name) => `\n${name}:${values.get(name)?.sort().join(',')}`)
  return `/${accountName}${path}${lines.join('')}`
}

/**
 * Account and path, and of the query only `comp`.
 *
 * Source: the same page, "Shared Key Lite and Table service format".
 */
export function createCanonicalResourceLite(accountName: string, { path, query }: Target): string {
  const component = query.find(([name]) => name.toLowerCase() === 'comp')?.[1]
  return `/${accountName}${path}${component === undefined ? '' : `?comp=${component}`}`
}
