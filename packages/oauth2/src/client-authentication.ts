import { reveal, type Secret } from '@ez/core'
import { type ClientAuth, ClientSecretPost, None } from 'oauth4webapi'

/**
 * How a client says who it is: its secret in the `Authorization` header or in the form, or an assertion signed with its
 * private key. `basic-unencoded` is for servers that read the header's id and secret as they stand.
 *
 * Source: RFC 6749 section 2.3.1; RFC 7523 section 2.2.
 */
export type SecretPlacement = 'basic' | 'basic-unencoded' | 'post' | 'private_key_jwt'

/** Authentication by secret; without one the client only names itself. */
export function bySecret(
  clientSecret: string | Secret | undefined,
  placement: Exclude<SecretPlacement, 'private_key_jwt'>,
): ClientAuth {
  if (clientSecret === undefined) return None()
  if (placement === 'post') return ClientSecretPost(reveal(clientSecret))
  const encode = placement === 'basic' ? formEncoded : (text: string): string => text
  return (_server, client, _body, headers) => {
    const bytes = new TextEncoder().encode(`${encode(client.client_id)}:${encode(reveal(clientSecret))}`)
    headers.set('authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`)
  }
}

// RFC 6749 appendix B: form encoding, which leaves `*-._` alone. A server that compares the text would not know them.
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Authentication by a signed assertion. Source: RFC 7523 section 2.2. */
export function byAssertion(assertion: string, clientId?: string): ClientAuth {
  return (_server, _client, body) => {
    if (clientId !== undefined) body.set('client_id', clientId)
    body.set('client_assertion_type', assertionType)
    body.set('client_assertion', assertion)
  }
}

/** No word about the client: the grant itself says who asks. */
export const unauthenticated: ClientAuth = () => {}
