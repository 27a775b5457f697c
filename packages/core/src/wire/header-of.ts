import type { Pairs } from '../contract/request.ts'

/**
 * The first value of a header; `undefined` when there is none.
 *
 * Names are compared without case: a saved response has them as the server wrote them.
 *
 * @param name in lower case
 *
 * @example
 * ```ts
 * import { headerOf } from '@ez/core'
 *
 * headerOf([['Retry-After', '2']], 'retry-after') // '2'
 * ```
 */
export function headerOf(headers: Pairs, name: string): string | undefined {
  for (const [known, value] of headers) if (known === name || known.toLowerCase() === name) return value
  return undefined
}
