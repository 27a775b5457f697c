import { type PreRequestScript, secret } from '@ez/core'
import { checkExampleSchemeOptions, type ExampleSchemeOptions } from './options.ts'
import { requestToken, type Token } from './token.ts'

export const id = 'example-scheme'

// A token is renewed before it ends, so that it still holds when the request arrives.
const marginMs = 60_000

/**
 * A script that fetches an access token of ExampleScheme and sends it as a bearer token.
 *
 * Writes the header `authorization` and publishes `access_token`. The token is kept until a minute before
 * it ends; requests at the same time share one fetch.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when it runs also EZ_TOKEN_REFUSED
 *
 * @example
 * ```ts
 * import { exampleScheme } from '@ez/example-scheme'
 *
 * const script = exampleScheme({
 *   tokenUrl: 'https://login.example.com/token',
 *   clientId: 'example-client',
 *   clientSecret: 'example-client-secret',
 * })
 * ```
 */
export function exampleScheme(options: ExampleSchemeOptions): PreRequestScript {
  checkExampleSchemeOptions(options)
  let known: Token | undefined
  let pending: Promise<Token> | undefined
  return {
    specVersion: 1,
    id,
    async run(request, context) {
      if (!known || known.endsAt - marginMs <= context.now().getTime()) {
        pending ??= requestToken(options, context).finally(() => {
          pending = undefined
        })
        known = await pending
      }
      const token = secret(known.value)
      request.headers.set('authorization', secret(`Bearer ${known.value}`))
      context.publish('access_token', token)
    },
    forget() {
      known = undefined
    },
  }
}
