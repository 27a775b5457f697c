import type { Pairs } from '@ez/core'

/** The value of a header; empty when there is none. */
export function valueOfHeader(headers: Pairs, name: string): string {
  return headers.find(([key]) => key === name)?.[1] ?? ''
}

/**
 * Every `x-ms-` header as `name:value`, in Azure's own order, each with a line feed.
 *
 * Spaces inside a value stay: the page below would have them made one, but neither Microsoft's own libraries
 * nor the emulator do it.
 *
 * Source: Microsoft Learn, "Authorize with Shared Key", constructing the canonicalized headers string.
 */
export function createCanonicalHeaders(headers: Pairs): string {
  return headers
    .filter(([name]) => name.startsWith('x-ms-'))
    .sort(([left], [right]) => compareNames(left, right))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('')
}

// Every character that a header name may hold but `-` and `'`, which come last of all.
const order = '!#$%&*.^_`|~+0123456789abcdefghijklmnopqrstuvwxyz'

/**
 * Compares names as the service sorts them: as a culture of .NET does, not by code unit. An underscore comes before the
 * digits, and hyphens count only between names that are otherwise the same.
 *
 * Source: the string to sign of `@azure/storage-blob` 12.34.0, held against this by a property test.
 */
function compareNames(left: string, right: string): number {
  const [first, second] = [left, right].map((name) => name.replace(/[-']/g, '')) as [string, string]
  for (let index = 0; index < Math.min(first.length, second.length); index += 1) {
    const difference = order.indexOf(first.charAt(index)) - order.indexOf(second.charAt(index))
    if (difference !== 0) return difference
  }
  return first.length - second.length || compareHyphens(left, right)
}

/** Of two names that differ in hyphens only: the one that has a hyphen where the other has none, or ends, comes later. */
function compareHyphens(left: string, right: string): number {
  let index = 0
  while (index < left.length && left.charAt(index) === right.charAt(index)) index += 1
  return lateness(left.charAt(index)) - lateness(right.charAt(index))
}

function lateness(character: string): number {
  return ['', "'", '-'].includes(character) ? ['', "'", '-'].indexOf(character) * 2 : 1
}
