import type { Received } from './received.ts'
import { refusal } from './refusal.ts'
import { isProtocol, readAuthorization, readForm, readProtocol, showBytes, type WirePair } from './wire.ts'

/** What a request claims about itself. */
export interface Claim {
  readonly realm: string | undefined
  /** Whether the body is a form, whose pairs are signed. */
  readonly hasForm: boolean
  /** A protocol parameter as text. */
  read(name: string): string | undefined
  /** The same, refusing a request without it. */
  need(name: string): string
  /** The whole body, read once. @throws EZ_BODY_INVALID, EZ_BODY_TOO_LARGE */
  readBody(): Promise<Uint8Array>
  /** Every parameter that is signed, and `oauth_signature`. @throws EZ_AUTHORIZATION_AMBIGUOUS, EZ_BODY_INVALID */
  signedPairs(): Promise<readonly WirePair[]>
}

/**
 * Collects the parameters (RFC 5849 section 3.4.1.3.1); the protocol's own may stand in one place only.
 *
 * A body is read here only when it is a form and no protocol parameters stand elsewhere.
 */
export async function readClaim(received: Received, maxBodyBytes: number): Promise<Claim> {
  const header = authorizationOf(received)
  const search = received.url.search.slice(1)
  const hasForm = isForm(received)
  let body: Promise<Uint8Array> | undefined
  const readBody = (): Promise<Uint8Array> => {
    body ??= received.readBody(maxBodyBytes)
    return body
  }
  const form = async (): Promise<string> => (hasForm ? textOf(await readBody()) : '')

  const parameters = header.filter(({ name }) => name !== 'realm')
  const outside = [parameters.filter(isProtocol), readProtocol(search)].filter(({ length }) => length > 0)
  if (outside.length > 1) throw ambiguous()
  const protocol = outside[0] ?? readProtocol(await form())
  if (protocol.length === 0)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'the request holds no oauth_ parameters.')
  const byName = new Map(protocol.map(({ name, value }) => [name, showBytes(value)]))
  if (byName.size < protocol.length)
    throw refusal('EZ_AUTHORIZATION_INVALID', 'an oauth_ parameter is sent twice.')
  return {
    realm: header.find(({ name }) => name === 'realm')?.value,
    hasForm,
    readBody,
    async signedPairs() {
      const ofForm = readForm(await form())
      if (outside.length > 0 && ofForm.some(isProtocol)) throw ambiguous()
      return [...parameters, ...readForm(search), ...ofForm]
    },
    read: (name) => byName.get(name),
    need(name) {
      const value = byName.get(name)
      if (value === undefined) throw refusal('EZ_AUTHORIZATION_INVALID', `${name} is missing.`)
      return value
    },
  }
}

function ambiguous(): Error {
  return refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'oauth_ parameters stand in more than one place.')
}

function isForm(received: Received): boolean {
  const type = received.values('content-type')[0]?.trim() ?? ''
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)
}

/** @throws EZ_BODY_INVALID for what is no UTF-8: another body could stand for the same text */
function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw refusal('EZ_BODY_INVALID', 'the form is not UTF-8.')
  }
}

function authorizationOf(received: Received): WirePair[] {
  const value = received.header('authorization') ?? ''
  const pairs = readAuthorization(value)
  if (!pairs && /^\s*OAuth\b/i.test(value))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization header is not well-formed.')
  return pairs ?? []
}
