import { targetOf } from './target.ts'

/** What the canonical request is made of. */
export interface CanonicalRequestInput {
  readonly method: string
  /** In wire form. */
  readonly url: string
  /** ISO instant, the value of `x-date`. */
  readonly date: string
  /** Hex SHA-256 of the body. */
  readonly payloadHash: string
}

/** Method, path, sorted query, host, date and the body's hash, one per line. */
export function createCanonicalRequest({ method, url, date, payloadHash }: CanonicalRequestInput): string {
  const { host, path, query } = targetOf(url)
  return [method, path, [...query].sort().join('&'), `host:${host}`, `x-date:${date}`, payloadHash].join('\n')
}
