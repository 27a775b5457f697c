import { EzError, retryAfterMs } from '@ez/core'
import {
  type AuthorizationServer,
  allowInsecureRequests,
  type Client,
  type ClientAuth,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  type TokenEndpointResponse,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'
import { asStandard, asWanted, type OddServer } from './odd-server.ts'

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
  /** What the server does beside the standard. */
  readonly odd?: OddServer
  /** The server's metadata, when they are known; the ID token is then checked by `process`. */
  readonly server?: AuthorizationServer
  /** Reads the answer of a grant that has rules of its own. */
  process?(server: AuthorizationServer, client: Client, response: Response): Promise<TokenEndpointResponse>
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
  const { grant, endpoint, clientId, authenticate, parameters, odd = {} } = request
  const server = request.server ?? { issuer: new URL(endpoint).origin, token_endpoint: endpoint }
  const client = { client_id: clientId }
  const options = {
    [customFetch]: (url: string, init: object) => send(url, asWanted(init as RequestInit, odd)),
    headers: Object.entries(odd.requestHeaders ?? {}),
    [allowInsecureRequests]: isLoopback(endpoint),
    signal,
  }
  let answer: Answer
  try {
    answer = await read(
      await genericTokenEndpointRequest(server, client, authenticate, grant, { ...parameters }, options),
      odd,
      request.process !== undefined,
    )
  } catch (error) {
    throw unreachable(id, request, error)
  }
  try {
    const token = await (request.process ?? processGenericTokenEndpointResponse)(
      server,
      client,
      answer.response,
    )
    if (token.token_type !== 'bearer') throw new Error(`a token of type ${token.token_type} is not supported`)
    return token
  } catch (error) {
    throw refused(id, request, answer, error)
  }
}

interface Answer {
  readonly response: Response
  /** The body's members; empty when it is no JSON object. */
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * An answer with its body read whole, without what says nothing about the access token: an ID token, whose checks need
 * an issuer that we do not know, and members that are null.
 */
async function read(response: Response, odd: OddServer, keepsIdToken: boolean): Promise<Answer> {
  const text = await response.text()
  const { headers } = response
  const { members, status } = asStandard(text, response.status, odd)
  const kept = Object.entries(members).filter(
    ([name, value]) => (keepsIdToken || name !== 'id_token') && value !== null,
  )
  const content = kept.length === 0 ? text : JSON.stringify(Object.fromEntries(kept))
  const standard = new Headers(headers)
  if (odd.lenient && kept.length > 0) standard.set('content-type', 'application/json')
  return {
    response: new Response(content === '' ? null : content, { status, headers: standard }),
    body: members,
  }
}

/** An endpoint without its query, which may hold a key. */
export function shownEndpoint(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint)
  return origin + pathname
}

function unreachable(id: string, { grant, endpoint }: TokenRequest, error: unknown): EzError {
  const code = codeOf(error)
  const place = shownEndpoint(endpoint)
  return new EzError(
    'EZ_TOKEN_UNREACHABLE',
    `${id}: the ${grant} grant got no whole answer from ${place}${code ? ` (${code})` : ''}. Check the endpoint and the network; it may be tried again.`,
    { details: { grant, endpoint: place, transient: true, mayBeSpent: !neverSent.has(code ?? '') } },
  )
}

// With these the request did not leave, so a refresh token in it is not spent.
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

function codeOf(error: unknown): string | undefined {
  for (let one = error as { code?: unknown; cause?: unknown } | undefined; one; one = one.cause as typeof one)
    if (typeof one.code === 'string' && /^[A-Z_]+$/.test(one.code)) return one.code
  return (error as Error)?.name === 'TimeoutError' ? 'timeout' : undefined
}

function refused(
  id: string,
  { grant, endpoint }: TokenRequest,
  { response, body }: Answer,
  error: unknown,
): EzError {
  const place = shownEndpoint(endpoint)
  const { status } = response
  const code = oauthCode(body, error)
  const wait = retryAfterMs([...response.headers])
  const details = {
    grant,
    endpoint: place,
    status,
    // A server that names an error has not used the refresh token, unless it broke while it did.
    mayBeSpent: status >= 500 || (status < 400 && code === undefined),
    ...(status >= 500 || status === 429 ? { transient: true } : {}),
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  }
  if (code !== undefined)
    return new EzError(
      'EZ_TOKEN_REFUSED',
      `${id}: the ${grant} grant at ${place} was refused: ${code} (HTTP ${status}). ${adviceOn(code)}`,
      { details: { ...details, oauthError: code } },
    )
  return new EzError(
    'EZ_TOKEN_RESPONSE_INVALID',
    `${id}: the ${grant} grant at ${place} was answered with HTTP ${status} and no token that can be used (${(error as Error).message}). ${status >= 500 || status === 429 ? 'Try again later.' : 'Check that this is the token endpoint.'}`,
    { details },
  )
}

// The description may quote the request, so only the code is shown.
function oauthCode(body: Answer['body'], error: unknown): string | undefined {
  const challenge =
    error instanceof WWWAuthenticateChallengeError
      ? (error.cause[0]?.parameters.error ?? 'invalid_client')
      : undefined
  const code = body.error ?? challenge
  if (code === undefined) return undefined
  return typeof code === 'string' && /^[\w.:/-]{1,80}$/.test(code) ? code : 'unreadable code'
}

function adviceOn(code: string): string {
  switch (code) {
    case 'invalid_client':
      return 'The client is unknown, or its secret, certificate or assertion is wrong. Some servers want authentication: post, or basic-unencoded when id or secret hold other than letters and digits.'
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
