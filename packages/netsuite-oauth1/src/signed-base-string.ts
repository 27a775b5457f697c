import { headerOf, type PreparedRequest } from '@ez/core'
import { createBaseString, joinInBaseString, protocolPrefix } from './base-string.ts'
import { compareEncodedPairs, type EncodedPair, parseEncodedPairs } from './parameters/encoded-pairs.ts'
import { splitUrl } from './parameters/split-url.ts'

/** What a signed request holds of its signature. */
export interface SignedBaseString {
  /** As the trace shows it, or worked out from what is sent, for which no secret is needed; empty when unknown. */
  readonly baseString: string
  /** A protocol parameter as it was sent, decoded; `undefined` when there is none. */
  parameter(name: string): string | undefined
}

/** Reads the base string of a request that was signed here or by another client. */
export function signedBaseString(prepared: PreparedRequest): SignedBaseString {
  const pairs = pairsOf(prepared)
  const ofTrace = prepared.trace.findLast(({ id }) => id === 'base-string')?.value
  return {
    baseString: ofTrace ?? restored(prepared, pairs),
    parameter(name) {
      const value = pairs.find(([known]) => known === name)?.[1]
      return value === undefined ? undefined : decoded(value)
    },
  }
}

function restored({ method, url }: PreparedRequest, pairs: readonly EncodedPair[]): string {
  const signed = pairs.filter(([name]) => name !== 'oauth_signature')
  const protocol = signed.filter(([name]) => name.startsWith(protocolPrefix)).sort(compareEncodedPairs)
  if (protocol.length === 0) return ''
  const others = signed.filter(([name]) => !name.startsWith(protocolPrefix))
  return createBaseString(method, splitUrl(url).uri, protocol.map(joinInBaseString).join(''), others)
}

/** Every parameter of a request, from header, query and form (RFC 5849 section 3.4.1.3.1). */
function pairsOf({ url, headers, body }: PreparedRequest): EncodedPair[] {
  const authorization = headerOf(headers, 'authorization') ?? ''
  const inHeader = /^OAuth\s/i.test(authorization)
    ? [...authorization.matchAll(/([\w.~%-]+)="([^"]*)"/g)]
        .map(([, name = '', value = '']): EncodedPair => [name, value])
        .filter(([name]) => name !== 'realm')
    : []
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(
    headerOf(headers, 'content-type') ?? '',
  )
  const form = isForm && body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
  return [...inHeader, ...parseEncodedPairs(splitUrl(url).query), ...parseEncodedPairs(form)]
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
