import type { PreparedRequest } from '@ez/core'

// What `fetch` adds when the request does not say it; what is not signed, and no server needs, is left out.
const defaults = [
  ['accept', '*/*'],
  ['user-agent', 'node'],
] as const

/** Names and values as they go out: those of the sealed request, and after them what `fetch` adds to it. */
export function requestHeaders({ url, headers, bodyLength }: PreparedRequest): string[] {
  const flat: string[] = []
  const named = {
    accept: false,
    'user-agent': false,
    'accept-encoding': false,
    'content-length': false,
    range: false,
  }
  for (const [name, value] of headers) {
    flat.push(name, value)
    if (name in named) named[name as keyof typeof named] = true
  }
  for (const [name, value] of defaults) if (!named[name]) flat.push(name, value)
  if (!named['accept-encoding'])
    // Fetch, "HTTP-network-or-cache fetch": a part of a packed body could not be unpacked. Over http, proxies spoil br.
    flat.push(
      'accept-encoding',
      named.range ? 'identity' : url.startsWith('https:') ? 'br, gzip, deflate, zstd' : 'gzip, deflate',
    )
  if (bodyLength !== undefined && !named['content-length']) flat.push('content-length', String(bodyLength))
  return flat
}
