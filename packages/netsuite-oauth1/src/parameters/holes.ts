import type { EncodedPair } from './encoded-pairs.ts'

/** Stands where a request's own value goes; no encoded text holds it. */
export const hole = '\0'

/** A text, fixed but for its holes, which are filled in order. */
export type Filled = (values: readonly string[]) => string

/**
 * Joins pairs into one text, once for many requests: then each request costs as many pieces as there are holes.
 *
 * @param pairs with `hole` as the value of what each request brings
 * @param join how a pair is written
 */
export function prepareText(pairs: readonly EncodedPair[], join: (pair: EncodedPair) => string): Filled {
  const [first = '', ...rest] = pairs.map(join).join('').split(hole)
  return (values) => rest.reduce((text, literal, index) => text + values[index] + literal, first)
}
