/** The parts of a URL in wire form: the path as it is sent, the query decoded. */
export interface Target {
  readonly host: string
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

/** Splits a URL in wire form; `new URL` would be free to rewrite it. */
export function targetOf(url: string): Target {
  const [, host = '', path = '', query = ''] = /^[^:]+:\/\/([^/?]*)([^?]*)(?:\?(.*))?$/s.exec(url) ?? []
  return { host, path: path || '/', query: query.split('&').filter(Boolean).map(decodedPair) }
}

function decodedPair(pair: string): [string, string] {
  const [name = '', ...rest] = pair.split('=')
  return [decode(name), decode(rest.join('='))]
}

// A `+` stays one: the service decodes percent triplets only.
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

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
    values.set(key, [...(values.get(key) ?? []), value])
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
