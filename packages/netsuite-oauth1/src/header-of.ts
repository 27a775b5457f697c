import type { Pairs } from '@ez/core'

/** The value of a header; empty when there is none. */
export function headerOf(headers: Pairs, wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
}
