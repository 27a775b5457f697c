import { EzError } from '@ez/core'
import {
  allowInsecureRequests,
  type ClientAuth,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'

/** One request to a token endpoint. */
export interface TokenRequest {
  /** As in `grant_type`. */
  readonly grant: string
  /** URL of the token endpoint. */
  readonly endpoint: string
  readonly clientId: string
  /** How the client says who it is. */
  readonly authenticate: ClientAuth
  readonly parameters: Readonly<Record<string, string>>
}

/** How a request failed, for who must know whether a refresh token was spent. */
export interface TokenFailure {
  /** Whether the server may have used the refresh token. */
  readonly mayBeSpent: boolean
}

/**
 * Sends a token request. Never follows a redirect; `http:` is for this machine only.
 *
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID
 */
export async function requestToken(
  id: string,
  request: TokenRequest,
  send: typeof fetch,
  signal: AbortSignal,
): Promise<TokenEndpointResponse> {
  const { grant, endpoint, clientId, authenticate, parameters } = request
  const server = { issuer: new URL(endpoint).origin, token_endpoint: endpoint }
  const client = { client_id: clientId }
  const options = {
    [customFetch]: (url: string, init: object) => send(url, init as RequestInit),
    [allowInsecureRequests]: isLoopback(endpoint),
    signal,
  }
  let response: Response
  try {
    response = await genericTokenEndpointRequest(
      server,
      client,
      authenticate,
      grant,
      { ...parameters },
      options,
    )
  } catch (error) {
    throw unreachable(id, request, error)
  }
  try {
    return await processGenericTokenEndpointResponse(server, client, response)
  } catch (error) {
    throw await refused(id, request, response, error)
  }
}

function unreachable(id: string, { grant, endpoint }: TokenRequest, error: unknown): EzError {
  const code = codeOf(error)
  return new EzError(
    'EZ_TOKEN_UNREACHABLE',
    `${id}: the ${grant} grant got no answer from ${endpoint}${code ? ` (${code})` : ''}. Check the endpoint and the network; it may be tried again.`,
    { details: { grant, endpoint, mayBeSpent: !neverSent.has(code ?? '') } },
  )
}

// With these the request did not leave, so a refresh token in it is not spent.
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function codeOf(error: unknown): string | undefined {
  for (let one = error as { code?: unknown; cause?: unknown } | undefined; one; one = one.cause as typeof one)
    if (typeof one.code === 'string' && /^[A-Z_]+$/.test(one.code)) return one.code
  return (error as Error)?.name === 'TimeoutError' ? 'timeout' : undefined
}

async function refused(
  id: string,
  request: TokenRequest,
  response: Response,
  error: unknown,
): Promise<EzError> {
  const { grant, endpoint } = request
  const { status } = response
  const code = await oauthCode(error)
  const retryAfter = Number(response.headers.get('retry-after'))
  const details = {
    grant,
    endpoint,
    status,
    mayBeSpent: status >= 500 || status === 200,
    ...(retryAfter > 0 ? { retryAfterMs: retryAfter * 1000 } : {}),
  }
  if (code !== undefined)
    return new EzError(
      'EZ_TOKEN_REFUSED',
      `${id}: the ${grant} grant at ${endpoint} was refused: ${code} (HTTP ${status}). ${adviceOn(code)}`,
      { details: { ...details, oauthError: code } },
    )
  return new EzError(
    'EZ_TOKEN_RESPONSE_INVALID',
    `${id}: the ${grant} grant at ${endpoint} was answered with HTTP ${status} and no token (${(error as { code?: string })?.code ?? 'not an OAuth answer'}). ${status >= 500 || status === 429 ? 'Try again later.' : 'Check that this is the token endpoint.'}`,
    { details },
  )
}

// The description may quote the request, so only the code is shown.
async function oauthCode(error: unknown): Promise<string | undefined> {
  let code: unknown
  if (error instanceof ResponseBodyError) code = error.error
  else if (error instanceof WWWAuthenticateChallengeError) {
    const body = (await error.response.json().catch(() => undefined)) as { error?: unknown } | undefined
    code = body?.error ?? error.cause[0]?.parameters.error ?? 'invalid_client'
  }
  return typeof code === 'string' && /^[\w.:/-]{1,80}$/.test(code)
    ? code
    : code === undefined
      ? undefined
      : 'unreadable code'
}

function adviceOn(code: string): string {
  switch (code) {
    case 'invalid_client':
      return 'The client is unknown, or its secret, certificate or assertion is wrong.'
    case 'invalid_grant':
      return 'The refresh token, assertion, code or password is wrong, expired, revoked or used already: authorize again.'
    case 'invalid_scope':
      return 'Ask for scopes that this client was granted.'
    case 'unauthorized_client':
      return 'Allow this grant for the client at the server.'
    case 'unsupported_grant_type':
      return 'The server does not offer this grant.'
    case 'invalid_request':
      return 'A parameter is missing or wrong.'
    case 'temporarily_unavailable':
    case 'server_error':
      return 'Try again later.'
    default:
      return "See the server's documentation for this code."
  }
}

export function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
