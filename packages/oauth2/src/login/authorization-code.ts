import { EzError, type PreRequestScript, type ProviderHost } from '@ez/core'
import {
  type AuthorizationServer,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  getValidatedIdTokenClaims,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { tokenProvider, type WithCredentials } from '../options.ts'
import { clientAuthentication } from '../secret-client.ts'
import { oddServerOf } from '../token/odd-server.ts'
import { requestToken } from '../token/token-request.ts'
import type { Callback } from './callback.ts'
import { discover } from './discovery.ts'
import { keepLogin, type LoggedIn, type LoginPerson, type LoginProvider, subjectOf } from './login.ts'
import { checkLogin, type LoginOptions, loginSchema } from './login-options.ts'
import { loginStep } from './login-step.ts'
import { loginKey } from './stored-login.ts'

const id = 'authorization-code'

/** Options of {@link authorizationCode}. */
export interface AuthorizationCodeOptions extends LoginOptions {
  /** Of a server without discovery. */
  readonly authorizationEndpoint?: string
  /**
   * The registered redirect address, on loopback and with its port, such as `http://localhost:8400/callback` (default:
   * `http://127.0.0.1` on a free port, `/callback`).
   */
  readonly redirectUri?: string
}

/**
 * The token of a person who logged in by `ez login` (authorization code with PKCE); refreshed from the store.
 *
 * Source: RFC 6749 section 4.1, RFC 7636, RFC 8252, RFC 9207, RFC 9700.
 *
 * @throws EZ_OPTION_INVALID when it is created
 * @throws EZ_LOGIN_REQUIRED, EZ_NOT_ALLOWED, EZ_HOST_NOT_ALLOWED, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED, EZ_TOKEN_REFRESH_UNFINISHED when it runs
 *
 * @example
 * ```ts
 * import { memoryStore } from '@ez/oauth2'
 * import { authorizationCode } from '@ez/oauth2/authorization-code'
 *
 * const token = authorizationCode({
 *   issuer: 'https://accounts.example.com',
 *   clientId: 'my-client',
 *   scope: 'openid offline_access orders.read',
 *   store: memoryStore(), // where the login was kept
 * })
 * ```
 */
export function authorizationCode(
  options: WithCredentials<AuthorizationCodeOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return loginStep<AuthorizationCodeOptions>(id, check, options, host)
}

function check(options: AuthorizationCodeOptions): void {
  checkLogin(id, options, 'authorizationEndpoint', { redirectUri: 'string?' })
  const { redirectUri } = options
  if (redirectUri === undefined) return
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined
  const isLocal = url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (!isLocal || url.hash !== '' || url.search !== '')
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: option redirectUri must be an http address on this machine (127.0.0.1, localhost), without query.`,
    )
}

async function login(
  options: AuthorizationCodeOptions,
  person: LoginPerson,
  host: ProviderHost,
  hosts: readonly string[],
): Promise<LoggedIn> {
  check(options)
  const { issuer, clientId, scope } = options
  const found = issuer === undefined ? undefined : await discover(id, issuer, person)
  const authorizationEndpoint = options.authorizationEndpoint ?? found?.authorization_endpoint
  const tokenEndpoint = options.tokenEndpoint ?? found?.token_endpoint
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: the issuer's metadata name no authorization endpoint or no token endpoint. Give authorizationEndpoint and tokenEndpoint.`,
    )
  const server: AuthorizationServer = {
    ...(found ?? { issuer: new URL(tokenEndpoint).origin }),
    token_endpoint: tokenEndpoint,
  }
  const verifier = generateRandomCodeVerifier()
  const state = generateRandomState()
  const nonce =
    found !== undefined && scope?.split(' ').includes('openid') ? generateRandomNonce() : undefined
  // Listening is Node's; the step itself runs anywhere.
  const { listenForAnswer } = await import('./callback.ts')
  const callback = await listenForAnswer(id, options.redirectUri)
  try {
    const url = new URL(authorizationEndpoint)
    const parameters = {
      ...options.extraParameters,
      response_type: 'code',
      client_id: clientId,
      redirect_uri: callback.redirectUri,
      state,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(scope !== undefined && { scope }),
      ...(nonce !== undefined && { nonce }),
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    await person.visit(url.href)
    const answer = await answerOf(callback, person.signal)
    const code = checkedAnswer(server, clientId, answer, state)
    let subject: string | undefined
    const response = await requestToken(
      id,
      {
        grant: 'authorization_code',
        endpoint: tokenEndpoint,
        clientId,
        authenticate: await clientAuthentication(id, options, tokenEndpoint, {
          now: () => person.now(),
          nonce: generateRandomNonce,
        }),
        parameters: { code, redirect_uri: callback.redirectUri, code_verifier: verifier },
        odd: oddServerOf(options),
        server,
        // The ID token is checked: issuer, audience, times, nonce. Its signature is that of the TLS connection.
        ...(nonce !== undefined && {
          process: async (metadata, client, raw) => {
            const token = await processAuthorizationCodeResponse(metadata, client, raw, {
              expectedNonce: nonce,
              requireIdToken: true,
            })
            subject = subjectOf(getValidatedIdTokenClaims(token))
            return token
          },
        }),
      },
      person.fetch,
      person.signal,
    )
    const grant = { response, tokenEndpoint, ...(subject !== undefined && { subject }) }
    const kept = await keepLogin(id, options, grant, person, host, hosts)
    callback.end('You are logged in. This window can be closed.')
    return kept
  } finally {
    callback.end('The login failed. The terminal says why.')
  }
}

function answerOf({ answer }: Callback, signal: AbortSignal): Promise<URLSearchParams> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(new EzError('EZ_LOGIN_REQUIRED', `${id}: nobody logged in before the time was over. Try again.`))
    if (signal.aborted) late()
    signal.addEventListener('abort', late, { once: true })
    answer.then(resolve, reject)
  })
}

/** The code of an answer whose state and issuer are right. @throws EZ_LOGIN_REFUSED */
function checkedAnswer(
  server: AuthorizationServer,
  clientId: string,
  answer: URLSearchParams,
  state: string,
): string {
  try {
    const checked = validateAuthResponse(server, { client_id: clientId }, answer, state)
    const code = checked.get('code')
    if (code !== null && code !== '') return code
  } catch (cause) {
    const error = answer.get('error')
    const isRefusal = error !== null && answer.get('state') === state
    const what = isRefusal
      ? `the server refused: ${/^[\w.:/-]{1,80}$/.test(error) ? error : 'unreadable code'}`
      : `the answer does not belong to this login (${(cause as Error).message})`
    throw new EzError('EZ_LOGIN_REFUSED', `${id}: ${what}. No token was asked for; try again.`)
  }
  throw new EzError('EZ_LOGIN_REFUSED', `${id}: the answer holds no code. No token was asked for; try again.`)
}

/** `use: '@ez/oauth2/authorization-code'` in a request file. */
export const provider: LoginProvider<AuthorizationCodeOptions> = {
  ...tokenProvider<AuthorizationCodeOptions>(id, authorizationCode, ['clientId'], {
    ...loginSchema,
    authorizationEndpoint: { type: 'string', format: 'uri', description: 'Of a server without discovery' },
    redirectUri: { type: 'string', description: 'As registered, on loopback; default: a free port' },
  }),
  create: authorizationCode,
  login,
  loginKey: (options, host) => loginKey(id, options, host.file),
}
