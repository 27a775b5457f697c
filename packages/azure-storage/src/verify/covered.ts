import type { Covers } from '@ez/core/received'
import { type Reading, signedHeaders } from './expected.ts'
import type { ExpectedSas } from './expected-sas.ts'
import type { Received } from './received.ts'

/** What Shared Key and Shared Key Lite answer for. */
export function coversOfKey(
  { headers }: Received,
  { isTable, isLite }: Reading,
  hasDigest: boolean,
): Covers & { readonly query: 'all' | readonly string[] } {
  const standard = isTable || isLite ? ['content-md5', 'content-type', 'date'] : signedHeaders
  const own = isTable && isLite ? ['date'] : standard
  const extensions = isTable ? ['x-ms-date'] : [...headers.keys()].filter((name) => name.startsWith('x-ms-'))
  // Beside x-ms-date, the date is no part of what is signed.
  const isShadowed = (name: string): boolean => name === 'date' && headers.has('x-ms-date')
  return {
    method: !(isTable && isLite),
    host: false,
    path: true,
    query: isTable || isLite ? ['comp'] : 'all',
    headers: [...own, ...extensions].filter((name) => headers.has(name) && !isShadowed(name)),
    body: hasDigest ? 'all' : 'none',
  }
}

/** What a shared access signature answers for. */
export function coversOfSas({ signedParameters, bound }: ExpectedSas, of: (name: string) => string): Covers {
  const kind = of('sr')
  const instants = kind === 'bs' ? ['snapshot'] : kind === 'bv' ? ['versionid'] : []
  return {
    method: false,
    host: false,
    path: kind.startsWith('b'),
    query: [...signedParameters.filter((name) => of(name) !== ''), ...instants, ...bound.query],
    headers: bound.headers,
    body: 'none',
  }
}
