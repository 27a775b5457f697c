import { reveal, type Secret } from '@ez/core'
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from 'oauth4webapi'

/** How a client sends its secret: in the `Authorization` header or in the form. Source: RFC 6749 section 2.3.1. */
export type SecretPlacement = 'basic' | 'post'

/** Authentication by secret; without one the client only names itself. */
export function bySecret(clientSecret: string | Secret | undefined, placement: SecretPlacement): ClientAuth {
  if (clientSecret === undefined) return None()
  return placement === 'basic'
    ? ClientSecretBasic(reveal(clientSecret))
    : ClientSecretPost(reveal(clientSecret))
}

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
