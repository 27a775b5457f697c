import { EzError } from '@ez/core'

/**
 * The URL as Shared Key signs it: in the query, a `+` becomes `%20`, which is what the service reads it as, and an `=`
 * inside a value `%3D`, since Microsoft's own clients and emulator leave such a pair out of the signature.
 *
 * @throws EZ_URL_NOT_SENDABLE for a parameter without a name or a value, which the documentation signs and those clients do not
 */
export function canonicalUrl(url: string): string {
  const question = url.indexOf('?')
  if (question < 0) return url
  const pairs = url
    .slice(question + 1)
    .split('&')
    .filter(Boolean)
    .map(canonicalPair)
  return `${url.slice(0, question)}?${pairs.join('&')}`
}

function canonicalPair(pair: string): string {
  const equals = pair.indexOf('=')
  const name = equals < 0 ? pair : pair.slice(0, equals)
  const value = equals < 0 ? '' : pair.slice(equals + 1)
  if (name === '' || value === '')
    throw new EzError(
      'EZ_URL_NOT_SENDABLE',
      `azure-storage: the query parameter ${pair} has no name or no value. Azure's documentation signs it and Microsoft's clients do not: leave it out.`,
    )
  return `${name}=${value.replaceAll('=', '%3D')}`.replaceAll('+', '%20')
}
