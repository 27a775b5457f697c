import { EzError, type ResolvedRequest, type SignContext, type Signer, type SignResult } from '@ez/core'
import { hashBody, sha256 } from '@ez/core/crypto'
import { createCanonicalRequest } from './canonical-request.ts'
import { secondsOf } from './clock.ts'
import { type Identity, identityOf } from './credentials.ts'
import { checkExampleSchemeOptions, type ExampleSchemeOptions } from './options.ts'
import { createSignature } from './signature.ts'
import { algorithm, createStringToSign } from './string-to-sign.ts'

export const id = 'example-scheme'

const noBody = new Uint8Array()

/**
 * A signer for ExampleScheme: an HMAC over method, URL, date and body, in the `authorization` header.
 *
 * Writes `authorization` and `x-date`. Trace stages: `canonical-request`, `string-to-sign`, `signature`.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING; when signing also EZ_BODY_UNSIGNABLE, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { exampleScheme } from '@ez/example-scheme'
 *
 * const signer = exampleScheme({ credentials: { keyId: 'example-id', secretKey: 'example-secret-key' } })
 * ```
 */
export function exampleScheme(options: ExampleSchemeOptions): Signer {
  checkExampleSchemeOptions(options)
  const { credentials } = options
  const fixed = typeof credentials === 'function' ? undefined : identityOf(credentials)
  return {
    specVersion: 1,
    id,
    writes: { headers: ['authorization', 'x-date'], query: [] },
    async sign(request, context) {
      const identity =
        fixed ?? identityOf(typeof credentials === 'function' ? await credentials(context) : credentials)
      return signAs(identity, request, context)
    },
  }
}

async function signAs(
  { keyId, key, secrets }: Identity,
  request: ResolvedRequest,
  context: SignContext,
): Promise<SignResult> {
  const { method, url } = request
  const body = request.body ?? noBody
  if (!(body instanceof Uint8Array))
    throw new EzError('EZ_BODY_UNSIGNABLE', `${id}: a stream cannot be signed before it is sent. Send bytes.`)
  const date = new Date(secondsOf(context) * 1000).toISOString()
  const payloadHash = await hashBody(sha256, body, 'hex')
  const canonicalRequest = createCanonicalRequest({ method, url, date, payloadHash })
  const stringToSign = createStringToSign(canonicalRequest, date)
  const signature = createSignature(key, stringToSign)
  return {
    patch: {
      headers: { authorization: `${algorithm} Credential=${keyId}, Signature=${signature}`, 'x-date': date },
      query: [],
    },
    trace: [
      { id: 'canonical-request', value: canonicalRequest },
      { id: 'string-to-sign', value: stringToSign },
      { id: 'signature', value: signature },
    ],
    secrets,
  }
}
