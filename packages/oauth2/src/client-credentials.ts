import { EzError, type PreRequestScript, type Provider, type Secret } from '@ez/core'
import { bySecret, type SecretPlacement } from './client-authentication.ts'
import {
  type CommonTokenOptions,
  checkEndpoint,
  checkTokenOptions,
  commonSchema,
  type WithCredentials,
} from './options.ts'
import { tokenScript } from './token-script.ts'

const id = 'client-credentials'

/** Options of {@link clientCredentials}. */
export interface ClientCredentialsOptions extends CommonTokenOptions {
  /** URL of the token endpoint. */
  readonly tokenEndpoint: string
  readonly clientId: string
  readonly clientSecret: string | Secret
  /** Where the secret is sent (default `basic`). */
  readonly authentication?: SecretPlacement
  /** Scopes, with spaces between. */
  readonly scope?: string
  /** More parameters of the token request, such as `audience` or `resource`. */
  readonly extraParameters?: Readonly<Record<string, string>>
}

/**
 * A token by the client credentials grant.
 *
 * Source: RFC 6749 section 4.4.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING when it is created
 * @throws EZ_TOKEN_REFUSED, EZ_TOKEN_UNREACHABLE, EZ_TOKEN_RESPONSE_INVALID, EZ_TOKEN_STORE_FAILED, EZ_TOKEN_LOCKED when it runs
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 * import { clientCredentials } from '@ez/oauth2/client-credentials'
 *
 * const token = clientCredentials({
 *   tokenEndpoint: 'https://auth.example.com/token',
 *   clientId: 'my-client',
 *   clientSecret: secret('example-secret'),
 *   scope: 'orders.read',
 * })
 * const template = { method: 'GET', url: 'https://api.example.com/orders', preRequest: [token] }
 * const prepared = await prepare(template)
 * ```
 */
export function clientCredentials(options: WithCredentials<ClientCredentialsOptions>): PreRequestScript {
  return tokenScript<ClientCredentialsOptions>(
    {
      id,
      check(given) {
        checkTokenOptions(id, given, {
          tokenEndpoint: 'string',
          clientId: 'string',
          clientSecret: 'secret',
          authentication: "'basic'|'post'?",
          scope: 'string?',
          extraParameters: 'object?',
        })
        checkEndpoint(id, 'tokenEndpoint', given.tokenEndpoint)
        if (!Object.values(given.extraParameters ?? {}).every((value) => typeof value === 'string'))
          throw new EzError('EZ_OPTION_INVALID', `${id}: option extraParameters must hold strings.`)
      },
      identify({ tokenEndpoint, clientId, clientSecret, authentication = 'basic', scope, extraParameters }) {
        return {
          distinguishing: [tokenEndpoint, clientId, clientSecret, scope, JSON.stringify(extraParameters)],
          secrets: [clientSecret],
          request: () => ({
            grant: 'client_credentials',
            endpoint: tokenEndpoint,
            clientId,
            authenticate: bySecret(clientSecret, authentication),
            parameters: { ...extraParameters, ...(scope === undefined ? {} : { scope }) },
          }),
        }
      },
    },
    options,
  )
}

/** `use: '@ez/oauth2/client-credentials'` in a request file. */
export const provider: Provider<ClientCredentialsOptions> = {
  id,
  options: {
    type: 'object',
    required: ['tokenEndpoint', 'clientId', 'clientSecret'],
    additionalProperties: false,
    properties: {
      tokenEndpoint: { type: 'string', format: 'uri' },
      clientId: { type: 'string' },
      clientSecret: { type: 'string' },
      authentication: { enum: ['basic', 'post'], default: 'basic' },
      scope: { type: 'string' },
      extraParameters: { type: 'object', additionalProperties: { type: 'string' } },
      ...commonSchema,
    },
  },
  create: clientCredentials,
}
