import { EzError, reveal, type ScriptContext } from '@ez/core'
import {
  allowInsecureRequests,
  type AuthorizationServer,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
} from 'oauth4webapi'
import type { ExampleSchemeOptions } from './options.ts'

/** An access token and when it ends. */
export interface Token {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

/**
 * Asks for a token with the client credentials grant.
 *
 * Source: RFC 6749 section 4.4.
 *
 * @throws EZ_TOKEN_REFUSED
 */
export async function requestToken(options: ExampleSchemeOptions, context: ScriptContext): Promise<Token> {
  const { tokenUrl, clientId, clientSecret, scope } = options
  const server: AuthorizationServer = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl }
  const client = { client_id: clientId }
  const authentication = ClientSecretPost(reveal(clientSecret))
  try {
    const response = await clientCredentialsGrantRequest(
      server,
      client,
      authentication,
      scope === undefined ? {} : { scope },
      {
        [customFetch]: (url, init) => context.fetch(url, init as RequestInit),
        // options.ts lets http pass for loopback alone.
        [allowInsecureRequests]: tokenUrl.startsWith('http:'),
        signal: context.signal,
      },
    )
    const answer = await processClientCredentialsResponse(server, client, response)
    return {
      value: answer.access_token,
      endsAt: context.now().getTime() + (answer.expires_in ?? 0) * 1000,
    }
  } catch (cause) {
    const reason = cause instanceof ResponseBodyError ? cause.error : 'the answer is not a token response'
    throw new EzError(
      'EZ_TOKEN_REFUSED',
      `example-scheme: ${tokenUrl} gave no token: ${reason}. Check clientId, clientSecret and scope.`,
    )
  }
}
