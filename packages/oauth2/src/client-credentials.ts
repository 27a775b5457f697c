import { EzError, type PreRequestScript, type Provider, type ProviderHost } from '@ez/core'
import { tokenProvider, type WithCredentials } from './options.ts'
import {
  checkSecretClient,
  type SecretClientOptions,
  secretClientRequest,
  secretClientSchema,
} from './secret-client.ts'
import { tokenScript } from './token/token-script.ts'

const id = 'client-credentials'

/** Options of {@link clientCredentials}. */
export interface ClientCredentialsOptions extends SecretClientOptions {
  /** Another name of the grant at servers that have one, such as Zoom's `account_credentials`. */
  readonly grant?: string
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
export function clientCredentials(
  options: WithCredentials<ClientCredentialsOptions>,
  host?: ProviderHost,
): PreRequestScript {
  return tokenScript<ClientCredentialsOptions>(
    {
      id,
      check(given) {
        checkSecretClient(id, given, {
          clientSecret: given?.privateKey === undefined ? 'secret' : 'secret?',
          extraParameters: 'object?',
          grant: 'string?',
        })
        if (!Object.values(given.extraParameters ?? {}).every((value) => typeof value === 'string'))
          throw new EzError('EZ_OPTION_INVALID', `${id}: option extraParameters must hold strings.`)
      },
      identify(given) {
        const { tokenEndpoint, clientId, clientSecret, scope, extraParameters, privateKey } = given
        const grant = given.grant ?? 'client_credentials'
        return {
          distinguishing: [
            tokenEndpoint,
            clientId,
            clientSecret,
            scope,
            JSON.stringify([extraParameters, grant]),
          ],
          secrets: [clientSecret, privateKey],
          scope,
          request: (context) => secretClientRequest(id, grant, given, extraParameters ?? {}, context),
        }
      },
    },
    options,
    host,
  )
}

/** `use: '@ez/oauth2/client-credentials'` in a request file. */
export const provider: Provider<ClientCredentialsOptions> = tokenProvider(
  id,
  clientCredentials,
  ['tokenEndpoint', 'clientId'],
  {
    ...secretClientSchema,
    extraParameters: { type: 'object', additionalProperties: { type: 'string' } },
    grant: { type: 'string', default: 'client_credentials' },
  },
)
