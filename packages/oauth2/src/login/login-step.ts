import type { PreRequestScript, ProviderHost } from '@ez/core'
import type { WithCredentials } from '../options.ts'
import { type SecretClientOptions, secretClientRequest } from '../secret-client.ts'
import { tokenScript } from '../token/token-script.ts'
import { type LoginOptions, loginOf } from './login-options.ts'
import { checkLoginHost, findLogin, loginRequired } from './stored-login.ts'

/** The step of a login: its token comes from the store, and is refreshed there. */
export function loginStep<Options extends LoginOptions>(
  id: string,
  check: (options: Options) => void,
  options: WithCredentials<Options>,
  host: ProviderHost | undefined,
): PreRequestScript {
  return tokenScript<Options>(
    {
      id,
      check,
      identify(given) {
        const { clientSecret, privateKey, scope } = given
        return {
          distinguishing: loginOf(given),
          secrets: [clientSecret, privateKey],
          // Whether or not the server replaces it: the store has the only one.
          rotating: true,
          scope,
          async request(context, last, place) {
            const tokenEndpoint = given.tokenEndpoint ?? place?.about.tokenEndpoint
            if (last === undefined || tokenEndpoint === undefined) throw loginRequired(id, host, true)
            // RFC 6749 section 6: without a scope the granted ones are asked for again.
            const { scope: _, ...rest } = given
            const client = { ...rest, tokenEndpoint } as SecretClientOptions
            return secretClientRequest(id, 'refresh_token', client, { refresh_token: last }, context)
          },
        }
      },
      async locate(given, request, entries, isPlaced) {
        const place = await findLogin(id, given, entries, host)
        checkLoginHost(id, place, request, isPlaced, host)
        return place
      },
    },
    options,
    host,
  )
}
