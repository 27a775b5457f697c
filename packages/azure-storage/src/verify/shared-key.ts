import type { Received } from './received-single.ts'

/** What Shared Key signs, as the received request gives it; written apart from the signer's. */
export function expectedSharedKey(accountName: string, { method, url, headers, body }: Received): string {
  const of = (name: string): string => headers.get(name) ?? ''
  let text = `${method}\n${of('content-encoding')}\n${of('content-language')}\n${body.length || ''}\n`
  text += `${of('content-md5')}\n${of('content-type')}\n${headers.has('x-ms-date') ? '' : of('date')}\n`
  for (const name of ['if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'])
    text += `${of(name)}\n`
  text += extensionHeaders(headers)
  text += `/${accountName}${url.pathname}`
  const names = new Set(rawPairs(url).map(([name]) => name.toLowerCase()))
  for (const name of [...names].sort()) {
    const values = rawPairs(url).filter(([key]) => key.toLowerCase() === name)
    text += `\n${name}:${values.map(([, value]) => value).sort()}`
  }
  return text
}

/** What Shared Key Lite signs. */
export function expectedSharedKeyLite(accountName: string, { method, url, headers }: Received): string {
  const of = (name: string): string => headers.get(name) ?? ''
  const component = rawPairs(url).find(([name]) => name.toLowerCase() === 'comp')
  const date = headers.has('x-ms-date') ? '' : of('date')
  const resource = `/${accountName}${url.pathname}${component ? `?comp=${component[1]}` : ''}`
  return `${method}\n${of('content-md5')}\n${of('content-type')}\n${date}\n${extensionHeaders(headers)}${resource}`
}

function extensionHeaders(headers: ReadonlyMap<string, string>): string {
  const names = [...headers.keys()].filter((name) => name.startsWith('x-ms-')).sort()
  return names.reduce((text, name) => `${text}${name}:${headers.get(name)?.trim()}\n`, '')
}

// A plus sign is no space here, so the pairs are protected from the form rules of URLSearchParams.
function rawPairs(url: URL): [string, string][] {
  return [...new URLSearchParams(url.search.replaceAll('+', '%2B'))]
}
