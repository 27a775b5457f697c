import type { WholeRequest } from '@ez/core/received'
import { refusal } from './refusal.ts'
import { readAuthorization, readForm, showBytes, type WirePair } from './wire.ts'

/** What a request claims about itself. */
export interface Claim {
  /** Every parameter that is signed, and `oauth_signature`. */
  readonly pairs: readonly WirePair[]
  readonly realm: string | undefined
  readonly hasForm: boolean
  /** A protocol parameter as text. */
  read(name: string): string | undefined
  /** The same, refusing a request without it. */
  need(name: string): string
}

/** Collects the parameters (RFC 5849 section 3.4.1.3.1); the protocol's own may stand in one place only. */
export function readClaim(request: WholeRequest): Claim {
  const header = authorizationOf(request)
  const hasForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(
    request.values('content-type')[0]?.trim() ?? '',
  )
  const realm = header.find(({ name }) => name === 'realm')?.value
  const sources = [
    header.filter(({ name }) => name !== 'realm'),
    readForm(request.url.search.slice(1)),
    hasForm ? readForm(new TextDecoder().decode(request.body)) : [],
  ]
  const holding = sources.filter((pairs) => pairs.some(isProtocol))
  if (holding.length === 0)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'the request holds no oauth_ parameters.')
  if (holding.length > 1)
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'oauth_ parameters stand in more than one place.')
  const protocol = (holding[0] as WirePair[]).filter(isProtocol)
  const byName = new Map(protocol.map(({ name, value }) => [name, showBytes(value)]))
  if (byName.size < protocol.length)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'an oauth_ parameter stands there twice.')
  return {
    pairs: sources.flat(),
    realm,
    hasForm,
    read: (name) => byName.get(name),
    need(name) {
      const value = byName.get(name)
      if (value === undefined) throw refusal('EZ_AUTHORIZATION_INVALID', `${name} is missing.`)
      return value
    },
  }
}

function isProtocol({ name }: WirePair): boolean {
  return name.startsWith('oauth_')
}

function authorizationOf(request: WholeRequest): WirePair[] {
  const value = request.header('authorization') ?? ''
  const pairs = readAuthorization(value)
  if (!pairs && /^\s*OAuth\b/i.test(value))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header is not well-formed.')
  return pairs ?? []
}
