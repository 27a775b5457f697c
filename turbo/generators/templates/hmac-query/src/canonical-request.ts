import { encodeRfc3986 } from '@ez/core/crypto'
import { targetOf } from './target.ts'

/** What the canonical request is made of. */
export interface CanonicalRequestInput {
  readonly method: string
  /** In wire form, without the signature's own parameters. */
  readonly url: string
  /** The signature's own parameters, decoded. */
  readonly added: readonly (readonly [name: string, value: string])[]
}

/** Method, path, sorted query with the signature's own parameters, and host, one per line. */
export function createCanonicalRequest({ method, url, added }: CanonicalRequestInput): string {
  const { host, path, query } = targetOf(url)
  const own = added.map(([name, value]) => `${encodeRfc3986(name)}=${encodeRfc3986(value)}`)
  return [method, path, [...query, ...own].sort().join('&'), `host:${host}`].join('\n')
}
