import { EzError } from '@ez/core'
import {
  type AuthorizationServer,
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
} from 'oauth4webapi'
import { checkEndpoint } from '../options.ts'
import { isLoopback } from '../token/token-request.ts'

/** How a program sends what has to do with a login. */
export interface LoginTransport {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
}

/**
 * The metadata of an authorization server: OpenID Connect Discovery, else RFC 8414.
 *
 * @throws EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID when it has none, or that of another issuer
 */
export async function discover(
  id: string,
  issuer: string,
  { fetch: send, signal }: LoginTransport,
): Promise<AuthorizationServer> {
  const url = new URL(issuer)
  let problem = 'no metadata'
  for (const algorithm of ['oidc', 'oauth2'] as const) {
    let response: Response
    try {
      response = await discoveryRequest(url, {
        algorithm,
        [customFetch]: (address: string, init: object) => send(address, init as RequestInit),
        [allowInsecureRequests]: isLoopback(issuer),
        signal,
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw new EzError(
        'EZ_TOKEN_UNREACHABLE',
        `${id}: the metadata of ${url.origin + url.pathname} cannot be fetched. Check the issuer and the network.`,
        { cause, details: { transient: true } },
      )
    }
    try {
      const server = await processDiscoveryResponse(url, response)
      for (const name of [
        'token_endpoint',
        'authorization_endpoint',
        'device_authorization_endpoint',
      ] as const)
        if (server[name] !== undefined) checkEndpoint(id, `${name} of the issuer's metadata`, server[name])
      return server
    } catch (error) {
      if (EzError.isInstance(error)) throw error
      problem = (error as Error).message
    }
  }
  throw new EzError(
    'EZ_TOKEN_RESPONSE_INVALID',
    `${id}: ${url.origin + url.pathname} has no metadata that can be used (${problem}). Check the issuer; for a server without discovery give its endpoints instead.`,
  )
}
