/** A URL as the sandbox holds it. */
export type UrlParts = Readonly<Record<string, string>>

const settable = [
  'href',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const

/** The parts of a URL; `null` when it is not one. Source: WHATWG URL. */
export function parseUrl(url: string, base?: string): UrlParts | null {
  try {
    return partsOf(new URL(url, base))
  } catch {
    return null
  }
}

/** The parts of a URL after one of them was set; `null` when the URL or the part is none. */
export function changeUrl(href: string, name: string, value: string): UrlParts | null {
  const part = settable.find((known) => known === name)
  if (part === undefined) return null
  try {
    const url = new URL(href)
    url[part] = value
    return partsOf(url)
  } catch {
    return null
  }
}

function partsOf(url: URL): UrlParts {
  const parts: Record<string, string> = { origin: url.origin }
  for (const name of settable) parts[name] = url[name]
  return parts
}
