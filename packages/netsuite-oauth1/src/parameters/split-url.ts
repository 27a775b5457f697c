import { EzError } from '@ez/core'

/** A URL as the base string needs it. */
export interface SplitUrl {
  /** Scheme, host, port unless it is the default one, and path; not encoded further. */
  readonly uri: string
  /** In lower case, without port. */
  readonly host: string
  /** As on the wire, without the question mark. */
  readonly query: string
}

const parts = /^(https?:\/\/)(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)(:\d+)?([^?#]*)\??([^#]*)/i

/**
 * Splits a URL into the base string URI and the query (RFC 5849 section 3.4.1.2).
 *
 * Scheme and host go to lower case, the default port, user information and fragment go, and an empty
 * path is `/`. The rest of the path stays as it is on the wire.
 *
 * @throws EZ_URL_INVALID when the URL is not absolute
 */
export function splitUrl(url: string): SplitUrl {
  const match = parts.exec(url)
  if (!match) throw new EzError('EZ_URL_INVALID', 'oauth1: the URL must begin with https://.')
  const [, written = '', name = '', port = '', path, query = ''] = match
  const scheme = written.toLowerCase()
  const host = name.toLowerCase()
  const isDefault = port === (scheme === 'https://' ? ':443' : ':80')
  return { uri: scheme + host + (isDefault ? '' : port) + (path || '/'), host, query }
}
