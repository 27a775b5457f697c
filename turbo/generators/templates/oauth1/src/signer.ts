import type { ResolvedRequest, SignContext, Signer, SignResult } from '@ez/core'
import { createAuthorizationHeader } from './authorization-header.ts'
import { createBaseString, queryPairs } from './base-string.ts'
import { secondsOf } from './clock.ts'
import { type Identity, identityOf } from './credentials.ts'
import { checkExampleSchemeOptions, type ExampleSchemeOptions } from './options.ts'
import { createSignature } from './signature.ts'

export const id = 'example-scheme'

/**
 * A signer for ExampleScheme, a kind of OAuth 1.0a: HMAC-SHA256 over method, URL and parameters.
 *
 * Writes `authorization`. Trace stages: `base-string`, `signature`. Bodies are not signed.
 *
 * Source: RFC 5849 section 3.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { exampleScheme } from '@ez/example-scheme'
 *
 * const signer = exampleScheme({
 *   credentials: {
 *     consumerKey: 'example-consumer-key',
 *     consumerSecret: 'example-consumer-secret',
 *     token: 'example-token',
 *     tokenSecret: 'example-token-secret',
 *   },
 * })
 * ```
 */
export function exampleScheme(options: ExampleSchemeOptions): Signer {
  checkExampleSchemeOptions(options)
  const { credentials } = options
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)
  return {
    specVersion: 1,
    id,
    writes: { headers: ['authorization'], query: [] },
    async sign(request, context) {
      const identity =
        fixed ?? identityOf(typeof credentials === 'function' ? await credentials(context) : credentials)
      return signAs(identity, request, context)
    },
  }
}

function signAs(
  { consumerKey, token, key, secrets }: Identity,
  { method, url }: ResolvedRequest,
  context: SignContext,
): SignResult {
  const parameters = {
    oauth_consumer_key: consumerKey,
    oauth_nonce: context.nonce(),
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(secondsOf(context)),
    oauth_token: token,
    oauth_version: '1.0',
  }
  const baseString = createBaseString(method, url, [...queryPairs(url), ...Object.entries(parameters)])
  const signature = createSignature(key, baseString)
  return {
    patch: {
      headers: { authorization: createAuthorizationHeader({ ...parameters, oauth_signature: signature }) },
      query: [],
    },
    trace: [
      { id: 'base-string', value: baseString },
      { id: 'signature', value: signature },
    ],
    secrets,
  }
}
