import type { Pairs, ResolvedRequest } from '../contract/request.ts'
import { decodePair } from '../wire/query.ts'

/** Headers whose values are masked whole. */
export const sensitiveHeader: RegExp =
  // Keys that a client gives a store to encrypt with are among them: S3's SSE-C, and Azure's customer-provided keys.
  /^(?:(?:proxy-)?authorization|cookie|x-amz-(?:(?:security|access|s3session)-token|(?:copy-source-)?server-side-encryption-customer-key)|x-ms-(?:encryption-key|copy-source-authorization))$/i

/** Pairs of a query whose values are masked whole, as they stand in a URL; the name is the first group. */
export const sensitiveQuery: RegExp =
  /([?&](?:X-Amz-Signature|X-Amz-Security-Token|X-Amz-Access-Token|X-Amz-S3session-Token|Authorization)=)[^&]*/gi

/** What of a request may be masked by its name alone; `query` decoded, where it is no part of the URL. */
export interface Sensitive extends Pick<ResolvedRequest, 'url' | 'headers'> {
  readonly query?: Pairs
}

/** The values of a request that are masked by their name alone. */
export function sensitiveValues({ url, headers, query = [] }: Sensitive): string[] {
  const values: string[] = []
  for (const [name, value] of query) if (isSensitiveInQuery(name)) values.push(value)
  for (const [name, value] of headers) if (sensitiveHeader.test(name)) values.push(value)
  if (url.includes('?'))
    // Raw, and as a script that reads the query sees it.
    for (const [pair, name = ''] of url.matchAll(sensitiveQuery))
      values.push(pair.slice(name.length), decodePair(pair)[1])
  return values
}

/** Whether the value of a pair of the query is masked by its name alone. */
export const isSensitiveInQuery = (name: string): boolean => `?${name}=`.search(sensitiveQuery) === 0
