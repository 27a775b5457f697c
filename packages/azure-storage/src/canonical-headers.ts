import type { Pairs } from '@ez/core'

/** The value of a header; empty when there is none. */
export function valueOfHeader(headers: Pairs, name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? ''
}

/**
 * Every `x-ms-` header as `name:value`, sorted, each with a line feed.
 *
 * Spaces inside a value stay: the page below would have them made one, but neither Microsoft's own libraries
 * nor the emulator do it.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", constructing the canonicalized headers string.
 */
export function createCanonicalHeaders(headers: Pairs): string {
  return headers
    .filter(([name]) => name.startsWith('x-ms-'))
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('')
}
