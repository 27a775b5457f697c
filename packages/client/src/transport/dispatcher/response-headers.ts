import type { Pairs } from '@ez/core'

/**
 * The headers of an answer as pairs, names in lower case; repeated ones are joined, all but `set-cookie`.
 *
 * Bytes are read as ISO 8859-1, as Fetch reads them.
 */
export function responseHeaders(
  raw: unknown,
  parsed: Readonly<Record<string, string | string[] | undefined>>,
): Pairs {
  const pairs: [string, string][] = []
  if (Array.isArray(raw))
    for (let index = 0; index + 1 < raw.length; index += 2)
      add(pairs, textOf(raw[index]).toLowerCase(), textOf(raw[index + 1]))
  // A dispatcher that answers itself, as in tests, has no bytes.
  else
    for (const [name, value] of Object.entries(parsed))
      for (const item of [value ?? []].flat()) add(pairs, name.toLowerCase(), item)
  return pairs
}

function add(pairs: [string, string][], name: string, value: string): void {
  const known = name === 'set-cookie' ? undefined : pairs.find(([other]) => other === name)
  if (known) known[1] = `${known[1]}, ${value}`
  else pairs.push([name, value])
}

function textOf(part: unknown): string {
  return part instanceof Uint8Array
    ? Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1')
    : String(part)
}
