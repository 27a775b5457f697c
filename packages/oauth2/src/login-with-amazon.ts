import {
  type Diagnosis,
  EzError,
  type PreRequestScript,
  type Provider,
  type ProviderHost,
  type ResponseSnapshot,
  reveal,
  type Secret,
} from '@ez/core'
import { bySecret } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  limitsOf,
  tokenProvider,
  type WithCredentials,
} from './options.ts'
import { createRestrictedTokens, type RestrictedData } from './restricted-data-token.ts'
import { tokenScript } from './token/token-script.ts'

export type { RestrictedData, RestrictedResource } from './restricted-data-token.ts'

const id = 'login-with-amazon'

/** Options of {@link loginWithAmazon}: a seller's refresh token, or scopes for operations without a seller. */
export interface LoginWithAmazonOptions extends CommonTokenOptions {
  /** Of the application: `amzn1.application-oa2-client.…`. */
  readonly clientId: string
  /** Of the application. */
  readonly clientSecret: string | Secret
  /** Of the seller's authorization; the grant is then `refresh_token`. */
  readonly refreshToken?: string | Secret
  /** For grantless operations, such as `sellingpartnerapi::notifications`; the grant is then `client_credentials`. */
  readonly scope?: string
  /** Exchanges the token for a restricted data token, for operations with personal data. */
  readonly restricted?: RestrictedData
  /** Default `https://api.amazon.com/auth/o2/token`. */
  readonly tokenEndpoint?: string
}

/**
 * A Login with Amazon token for the Selling Partner API, written to `x-amz-access-token`.
 *
 * This alone is enough: SP-API has not asked for SigV4 since October 2023. A signer may follow.
 *
 * Source: Amazon SP-API, "Connect to the SP-API" and "Tokens API".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 * import { loginWithAmazon } from '@ez/oauth2/login-with-amazon'
 *
 * const token = loginWithAmazon({
 *   clientId: 'amzn1.application-oa2-client.example',
 *   clientSecret: secret('example-secret'),
 *   refreshToken: secret('Atzr|example'),
 * })
 * const url = 'https://sellingpartnerapi-na.amazon.com/orders/v0/orders'
 * const prepared = await prepare({ method: 'GET', url, preRequest: [token] })
 * ```
 */
export function loginWithAmazon(
  options: WithCredentials<LoginWithAmazonOptions>,
  host?: ProviderHost,
): PreRequestScript {
  const restrictedTokens = createRestrictedTokens(id)
  return tokenScript<LoginWithAmazonOptions>(
    {
      id,
      check,
      header: 'x-amz-access-token',
      scheme: '',
      identify({
        clientId,
        clientSecret,
        refreshToken,
        scope,
        tokenEndpoint = 'https://api.amazon.com/auth/o2/token',
      }) {
        return {
          distinguishing: [tokenEndpoint, clientId, refreshToken, scope],
          secrets: [clientSecret, refreshToken],
          request: () => ({
            grant: refreshToken === undefined ? 'client_credentials' : 'refresh_token',
            endpoint: tokenEndpoint,
            clientId,
            authenticate: bySecret(clientSecret, 'post'),
            parameters:
              refreshToken === undefined
                ? { scope: scope as string }
                : { refresh_token: reveal(refreshToken) },
          }),
        }
      },
      exchange: (token, given, request, context) =>
        given.restricted === undefined
          ? token
          : restrictedTokens.get(token, given.restricted, limitsOf(given), request, context),
      forget: () => restrictedTokens.forget(),
      diagnose,
    },
    options,
    host,
  )
}

function check(options: LoginWithAmazonOptions): void {
  checkTokenOptions(id, options, {
    clientId: 'string',
    clientSecret: 'secret',
    refreshToken: options?.scope === undefined ? 'secret' : 'secret?',
    scope: 'string?',
    restricted: 'object?',
    tokenEndpoint: 'string?',
  })
  if (options.refreshToken !== undefined && options.scope !== undefined)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: give refreshToken for a seller's operations, or scope for grantless ones, not both.`,
    )
  if (options.tokenEndpoint !== undefined) checkEndpoint(id, 'tokenEndpoint', options.tokenEndpoint)
}

/** SP-API answers 403 `Unauthorized` to an expired token as to a missing role; its words tell them apart. */
function diagnose(response: ResponseSnapshot): Diagnosis | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined
  const text = new TextDecoder().decode(response.body)
  if (
    response.status === 401 ||
    /access token.{0,40}(?:expired|invalid|revoked|malformed)|token.{0,20}expired/i.test(text)
  )
    return {
      cause: 'token-expired',
      message: `${id}: SP-API refused the access token: it has expired or was revoked.`,
    }
  if (/"Unauthorized"/.test(text))
    return {
      cause: 'credential',
      message: `${id}: SP-API denied access: the application lacks a role, the seller's authorization does not cover it, or the operation asks for a restricted data token.`,
    }
  return undefined
}

/** `use: '@ez/oauth2/login-with-amazon'` in a request file. */
export const provider: Provider<LoginWithAmazonOptions> = tokenProvider(
  id,
  loginWithAmazon,
  ['clientId', 'clientSecret'],
  {
    clientId: { type: 'string' },
    clientSecret: { type: 'string' },
    refreshToken: { type: 'string' },
    scope: { type: 'string', description: 'For grantless operations' },
    restricted: {
      type: 'object',
      required: ['resources'],
      additionalProperties: false,
      properties: {
        resources: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['method', 'path'],
            additionalProperties: false,
            properties: {
              method: { type: 'string' },
              path: { type: 'string' },
              dataElements: { type: 'array', items: { type: 'string' } },
            },
          },
        },
        targetApplication: { type: 'string' },
      },
    },
    tokenEndpoint: { type: 'string', format: 'uri' },
  },
)
