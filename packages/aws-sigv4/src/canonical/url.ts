import { EzError } from '@ez/core'
import { encodePathOnce } from './path.ts'
import { encodeQueryText } from './query.ts'
import { splitTarget } from './target.ts'

/**
 * The URL as S3 signs it: the path decoded and encoded once, the query likewise, order kept.
 *
 * S3 signs the key that the path names, not the path as it was written, so both are made the same.
 *
 * @throws EZ_URL_NOT_SENDABLE for a key with a `.` or `..` segment, which every URL parser removes
 */
export function canonicalObjectUrl(url: string): string {
  const { path, query } = splitTarget(url)
  const end = url.search(/[?#]|$/)
  const canonical = encodePathOnce(path, true) || '/'
  for (const segment of canonical.split('/'))
    if (segment === '.' || segment === '..')
      throw new EzError(
        'EZ_URL_NOT_SENDABLE',
        `aws-sigv4: URL parsers remove the "${segment}" of the object key, and reach another object. Rename the key.`,
      )
  return url.slice(0, end - path.length) + canonical + (url.includes('?') ? `?${canonicalPairs(query)}` : '')
}

// The first "=" of a pair separates, and a pair without one stays without.
function canonicalPairs(query: string): string {
  return query.replaceAll(/([^&=]*)(=?)([^&]*)/g, (_, name, equals, value) => {
    return encodeQueryText(name) + equals + encodeQueryText(value)
  })
}
