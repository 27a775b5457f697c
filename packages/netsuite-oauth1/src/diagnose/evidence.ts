import type { Pairs, PreparedRequest, ResponseSnapshot } from '@ez/core'
import { splitUrl } from '../base-string-uri.ts'
import { parseEncodedPairs } from '../parameters.ts'

/** What a refusal and the request behind it show. */
export interface Evidence {
  readonly status: number
  /** Body and `WWW-Authenticate`, as text. */
  readonly answer: string
  readonly host: string
  readonly method: string
  /** Parameters of the `Authorization` header by name, still encoded. */
  readonly header: ReadonlyMap<string, string>
  readonly queryNames: readonly string[]
  /** As it was signed, masked. */
  readonly baseString: string | undefined
  /** Milliseconds to add to our clock to have the server's. */
  readonly clockOffsetMs: number | undefined
  readonly retryAfterMs: number | undefined
}

/** Gathers what a diagnosis looks at. */
export function gather(response: ResponseSnapshot, prepared: PreparedRequest): Evidence {
  const answered = find(response.headers, 'date')
  const serverTime = answered === undefined ? Number.NaN : Date.parse(answered)
  const authorization = find(prepared.headers, 'authorization') ?? ''
  const header = new Map<string, string>()
  for (const [, name = '', value = ''] of authorization.matchAll(/([\w%.~-]+)="([^"]*)"/g))
    header.set(name, value)
  const { host, query } = splitUrl(prepared.url)
  const ownTime = Number(header.get('oauth_timestamp')) * 1000
  const retryAfter = Number(find(response.headers, 'retry-after') ?? Number.NaN)
  return {
    status: response.status,
    answer: `${find(response.headers, 'www-authenticate') ?? ''} ${new TextDecoder().decode(response.body)}`,
    host,
    method: prepared.method,
    header,
    queryNames: parseEncodedPairs(query).map(([name]) => name),
    baseString: prepared.trace.findLast((step) => step.id === 'base-string')?.value,
    clockOffsetMs: Number.isNaN(serverTime - ownTime) ? undefined : serverTime - ownTime,
    retryAfterMs: Number.isNaN(retryAfter) ? undefined : retryAfter * 1000,
  }
}

function find(headers: Pairs, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
}
