import { tokenHeader } from './guard.ts'

// RFC 9110 section 7.6.1: these are for one connection. `expect` was answered by the proxy itself.
const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** The headers to be signed and forwarded: without those of the connection, the host and the token. */
export function forwardedHeaders(raw: readonly string[]): [string, string][] {
  const pairs = pairsOf(raw)
  // `sec-fetch-mode` says how the client's own fetch works, in Node too, and would be a page's at the server.
  const dropped = new Set([
    ...connectionNames(pairs),
    'host',
    'content-length',
    'sec-fetch-mode',
    tokenHeader,
  ])
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase()))
}

/** The headers of an answer, without those of the connection. */
export function returnedHeaders(raw: readonly string[]): string[] {
  const pairs = pairsOf(raw)
  const dropped = connectionNames(pairs)
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat()
}

function connectionNames(pairs: readonly (readonly [string, string])[]): Set<string> {
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((name) => name.trim().toLowerCase()))
  return new Set([...ofConnection, ...named])
}

function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([raw[index] as string, raw[index + 1] as string])
  return pairs
}
