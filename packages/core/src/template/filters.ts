import { encodeRfc3986, toBase64, utf8 } from '#crypto'
import { Secret, secret } from '../base/secret.ts'
import { jsonOf, textOf } from '../values/json.ts'
import type { Token } from './parse.ts'

/** A token's value, and whether any of it came from `data`. */
export interface Found {
  readonly value: unknown
  readonly fromData: boolean
}

/** Who masks a secret, and keeps it from scripts that may not read it. */
export interface SecretKeeper {
  conceal(value: unknown): void
}

/** Applies a token's filters to a value. */
export function applyFilters(token: Token, found: Found, place: string, keeper: SecretKeeper): Found {
  if (token.filters.length === 0) return found
  let { value } = found
  for (const filter of token.filters) {
    if (filter.name === 'default') continue
    const before = value
    const text: string = textOf(value, place)
    if (filter.name === 'json') value = jsonOf(value, place)
    else if (filter.name === 'url') value = encodeRfc3986(text)
    else value = toBase64(utf8(text))
    // What is made of a secret is as secret, and as closed to scripts.
    if (Secret.isInstance(before)) {
      const made = secret(value as string, before)
      keeper.conceal(made)
      value = made
    }
  }
  return { value, fromData: found.fromData }
}

/** The value of the filter `default`, for a name that is missing. */
export function defaultOf(token: Token): Found | undefined {
  const filter = token.filters.find(({ name }) => name === 'default')
  return filter && { value: filter.argument, fromData: false }
}
