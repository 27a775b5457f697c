import { EzError } from '../base/error.ts'
import { reveal, Secret } from '../base/secret.ts'

/**
 * Names and values in order, of a plain record or of anything that lists pairs: arrays, `Headers`, `Map`,
 * `URLSearchParams`.
 *
 * @throws EZ_TEMPLATE_INVALID, of a body EZ_BODY_INVALID, for anything else: what is not understood must not be left out
 */
export function pairsOf<Value>(
  values: Record<string, Value> | Iterable<readonly [string, Value]> | undefined,
  place: string,
): readonly (readonly [string, Value])[] {
  if (values === undefined || values === null) return []
  if (typeof values === 'object') {
    if (Symbol.iterator in values) {
      // The next attempt would find nothing in it.
      if (!Array.isArray(values) && Object.is(values[Symbol.iterator](), values))
        throw invalid(place, 'it is an iterator, which can be read only once. Give a list, as in [...pairs]')
      const pairs = [...(values as Iterable<readonly [string, Value]>)]
      for (const [index, pair] of pairs.entries())
        if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string')
          throw invalid(`${place}[${index}]`, 'it must be a pair of a name and a value')
      return pairs
    }
    const prototype: unknown = Object.getPrototypeOf(values)
    if (prototype === Object.prototype || prototype === null)
      return Object.keys(values).map((name) => [name, (values as Record<string, Value>)[name] as Value])
  }
  throw invalid(place, 'it must be a record or a list of pairs')
}

function invalid(place: string, problem: string): EzError {
  return new EzError(
    place.startsWith('body') ? 'EZ_BODY_INVALID' : 'EZ_TEMPLATE_INVALID',
    `${place}: ${problem}.`,
  )
}

/**
 * A value of a query or form pair as text.
 *
 * @throws EZ_BODY_INVALID for NaN, infinities, functions and objects, with the place
 */
export function scalarText(value: unknown, place: string, conceal: (secret: Secret) => void): string {
  if (Secret.isInstance(value)) {
    conceal(value)
    return reveal(value)
  }
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint' || Number.isFinite(value))
    return String(value)
  throw new EzError(
    'EZ_BODY_INVALID',
    `${place}: the value must be text, a finite number, true, false or null.`,
    {
      details: { place },
    },
  )
}
