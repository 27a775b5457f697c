import { EzError, type PreRequestScript, type Provider, type ProviderHost } from '@ez/core'
import { type PrivateKey, signAssertion } from './assertion.ts'
import { answeredToken } from './login-call/answered-token.ts'
import { sendLogin } from './login-call/send-login.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  limitsOf,
  tokenProvider,
} from './options.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'github-app'

/** Options of {@link githubApp}. */
export interface GitHubAppOptions extends CommonTokenOptions {
  /** Client ID or App ID. */
  readonly appId: string
  /** As GitHub gives it (PEM, PKCS #1), or PKCS #8 or JWK. */
  readonly privateKey: PrivateKey
  /** Of the installation that the token is for. */
  readonly installationId: string
  /** Names of repositories, to have a token for these alone. */
  readonly repositories?: readonly string[]
  /** Permissions, to have a token with these alone, such as `{ contents: 'read' }`. */
  readonly permissions?: Readonly<Record<string, string>>
  /** Of GitHub Enterprise Server: `https://<host>/api/v3` (default `https://api.github.com`). */
  readonly apiUrl?: string
}

// GitHub: at most ten minutes; `iat` a minute in the past, against clocks that differ.
const lifetimeSeconds = 540
const backdateMs = 60_000

/**
 * The installation token of a GitHub App: a JWT of the app is exchanged for it.
 *
 * Source: GitHub Docs, "Generating a JSON Web Token (JWT) for a GitHub App" and "Generating an installation access token".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_CREDENTIAL_INVALID, EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import type { Secret } from '@ez/core'
 * import { githubApp } from '@ez/oauth2/github-app'
 *
 * const token = (privateKey: Secret) => githubApp({ appId: 'Iv1.example', installationId: '123456', privateKey })
 * ```
 */
export function githubApp(options: GitHubAppOptions, host?: ProviderHost): PreRequestScript {
  return tokenScript<GitHubAppOptions>(
    {
      id,
      check,
      identify(given) {
        const { appId, privateKey, installationId, repositories, permissions } = given
        const apiUrl = given.apiUrl ?? 'https://api.github.com'
        const limits = JSON.stringify([repositories, permissions])
        return {
          distinguishing: [apiUrl, appId, installationId, limits],
          secrets: [privateKey],
          about: { issuer: apiUrl, clientId: appId },
          async fetchToken(context, signal) {
            const past = new Date(context.now().getTime() - backdateMs)
            const at = { now: () => past, nonce: () => context.nonce() }
            const header = { alg: 'RS256', typ: 'JWT' }
            const jwt = await signAssertion(id, privateKey, header, { iss: appId }, lifetimeSeconds, at)
            context.conceal(jwt)
            const text = await sendLogin(
              id,
              {
                url: `${apiUrl}/app/installations/${encodeURIComponent(installationId)}/access_tokens`,
                headers: {
                  authorization: `Bearer ${jwt}`,
                  accept: 'application/vnd.github+json',
                  'user-agent': 'ez-oauth2',
                  'x-github-api-version': '2022-11-28',
                },
                json: { ...(repositories && { repositories }), ...(permissions && { permissions }) },
              },
              context.fetch,
              signal,
            )
            const places = { token: '$.token', expiresAt: '$.expires_at' }
            return answeredToken(id, text, places, context.now().getTime(), limitsOf(given).marginMs)
          },
        }
      },
    },
    options,
    host,
  )
}

function check(options: GitHubAppOptions): void {
  checkTokenOptions(id, options, {
    appId: 'string',
    privateKey: 'secret',
    installationId: 'string',
    repositories: 'array?',
    permissions: 'object?',
    apiUrl: 'string?',
  })
  if (options.apiUrl !== undefined) checkEndpoint(id, 'apiUrl', options.apiUrl)
  if (options.apiUrl?.endsWith('/'))
    throw new EzError('EZ_OPTION_INVALID', `${id}: option apiUrl must not end with a slash.`)
}

/** `use: '@ez/oauth2/github-app'` in a request file. */
export const provider: Provider<GitHubAppOptions> = tokenProvider(
  id,
  githubApp,
  ['appId', 'privateKey', 'installationId'],
  {
    appId: { type: 'string', description: 'Client ID or App ID' },
    privateKey: { type: 'string', description: 'PEM (as GitHub gives it) or JWK' },
    installationId: { type: 'string' },
    repositories: { type: 'array', items: { type: 'string' } },
    permissions: { type: 'object', additionalProperties: { type: 'string' } },
    apiUrl: { type: 'string', format: 'uri', default: 'https://api.github.com' },
  },
)
