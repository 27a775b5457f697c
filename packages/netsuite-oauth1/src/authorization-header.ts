import type { EncodedPair } from './parameters.ts'

/**
 * The `Authorization` value (RFC 5849 section 3.5.1).
 *
 * @param realm never signed; left out when `undefined`
 */
export function createAuthorizationHeader(
  realm: string | undefined,
  parameters: readonly EncodedPair[],
): string {
  let header = realm === undefined ? '' : `, realm="${realm.replace(/["\\]/g, '\\$&')}"`
  for (const [name, value] of parameters) header += `, ${name}="${value}"`
  return `OAuth ${header.slice(2)}`
}
