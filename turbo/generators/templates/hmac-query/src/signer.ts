import type { ResolvedRequest, SignContext, Signer, SignResult } from '@ez/core'
import { createCanonicalRequest } from './canonical-request.ts'
import { secondsOf } from './clock.ts'
import { type Identity, identityOf } from './credentials.ts'
import { checkExampleSchemeOptions, type ExampleSchemeOptions } from './options.ts'
import { createSignature } from './signature.ts'
import { createStringToSign } from './string-to-sign.ts'

export const id = 'example-scheme'

/**
 * A signer for ExampleScheme: a URL with an HMAC over method, path and query, that holds for a time.
 *
 * Writes the query parameters `key-id`, `expires` (seconds since 1970) and `signature`. Trace stages:
 * `canonical-request`, `string-to-sign`, `signature`. Headers and body are not signed.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { exampleScheme } from '@ez/example-scheme'
 *
 * const signer = exampleScheme({
 *   credentials: { keyId: 'example-id', secretKey: 'example-secret-key' },
 *   expiresIn: 60,
 * })
 * ```
 */
export function exampleScheme(options: ExampleSchemeOptions): Signer {
  checkExampleSchemeOptions(options)
  const { credentials, expiresIn = 900 } = options
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)
  return {
    specVersion: 1,
    id,
    writes: { headers: [], query: ['key-id', 'expires', 'signature'] },
    async sign(request, context) {
      const identity =
        fixed ?? identityOf(typeof credentials === 'function' ? await credentials(context) : credentials)
      return signAs(identity, request, context, expiresIn)
    },
  }
}

function signAs(
  { keyId, key, secrets }: Identity,
  { method, url }: ResolvedRequest,
  context: SignContext,
  expiresIn: number,
): SignResult {
  const expires = String(secondsOf(context) + expiresIn)
  const added: [string, string][] = [
    ['key-id', keyId],
    ['expires', expires],
  ]
  const canonicalRequest = createCanonicalRequest({ method, url, added })
  const stringToSign = createStringToSign(canonicalRequest, expires)
  const signature = createSignature(key, stringToSign)
  return {
    patch: { headers: {}, query: [...added, ['signature', signature]] },
    trace: [
      { id: 'canonical-request', value: canonicalRequest },
      { id: 'string-to-sign', value: stringToSign },
      { id: 'signature', value: signature },
    ],
    secrets,
  }
}
