import type { Pairs } from '@ez/core'

/** The value of a header, whose name may be in any case: a response that was saved has it as it was sent. */
export function headerOf(headers: Pairs, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}
