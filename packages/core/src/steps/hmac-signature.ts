import { createHmacKey, type HashAlgorithm, hmac, sha1, sha256, sha512 } from '#crypto'
import { EzError } from '../base/error.ts'
import { checkOptions } from '../check/options.ts'
import type { ResolvedRequest } from '../contract/request.ts'
import type { Provider, SignContext, Signer } from '../contract/step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'

/** Options of {@link hmacSignature}. */
export interface HmacSignatureOptions {
  /** A text is used as UTF-8. */
  readonly key: Credential
  /** The header that takes the signature. */
  readonly header: string
  /** Default `sha256`. */
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512'
  /** Default `hex`. */
  readonly encoding?: 'hex' | 'base64'
  /** Stands before the signature, as in `sha256=`. */
  readonly prefix?: string
  /** The text that is signed; default: the bytes of the body. */
  readonly compose?: (request: ResolvedRequest, context: SignContext) => string
}

const algorithms: Record<string, HashAlgorithm> = { sha1, sha256, sha512 }

/**
 * Signs the body, or a composed text, with an HMAC in a header. Source: RFC 2104.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created
 * @throws EZ_BODY_UNSIGNABLE for a stream, when the body is what is signed
 * @throws EZ_OPTION_INVALID when `compose` gives no text, or a promise of one
 * @throws EZ_TEXT_INVALID when key or text holds half of a surrogate pair
 *
 * @example
 * ```ts
 * import { hmacSignature } from '@ez/core/steps'
 *
 * const signer = hmacSignature({
 *   key: 'example-key',
 *   header: 'x-signature',
 *   prefix: 'sha256=',
 *   compose: (request, context) => `${request.method}\n${request.url}\n${context.now().toISOString()}`,
 * })
 * console.log(signer.id)
 * ```
 */
export function hmacSignature(options: HmacSignatureOptions): Signer {
  const id = 'hmac-signature'
  checkOptions(id, options, {
    key: credentialRule,
    header: 'string',
    algorithm: "'sha1'|'sha256'|'sha512'?",
    encoding: "'hex'|'base64'?",
    prefix: 'text?',
    compose: 'function?',
  })
  const header = options.header.toLowerCase()
  const algorithm = algorithms[options.algorithm ?? 'sha256'] as HashAlgorithm
  return {
    specVersion: 1,
    id,
    writes: { headers: [header], query: [] },
    sign: (request, context) =>
      withCredential(id, options.key, context, (key) => {
        const message: unknown = options.compose ? options.compose(request, context) : bodyOf(id, request)
        // Anything else would be signed as some bytes or other, and refused by the service only.
        if (typeof message !== 'string' && !(message instanceof Uint8Array))
          throw new EzError('EZ_OPTION_INVALID', `${id}: option compose must return a text.`)
        const signature = hmac(createHmacKey(algorithm, key), message, options.encoding ?? 'hex')
        return {
          patch: { headers: { [header]: `${options.prefix ?? ''}${signature}` }, query: [] },
          trace: [
            {
              id: 'string-to-sign',
              value: typeof message === 'string' ? message : `(body, ${message.length} bytes)`,
            },
            { id: 'signature', value: signature },
          ],
          secrets: [key],
        }
      }),
  }
}

function bodyOf(id: string, { body }: ResolvedRequest): Uint8Array {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) return body
  throw new EzError(
    'EZ_BODY_UNSIGNABLE',
    `${id}: the body is a stream, which can be read once only. Send bytes, or use compose.`,
  )
}

/**
 * What `use: '@ez/core/steps/hmac-signature'` in a request file loads: it signs the body. For another text, describe the
 * signature (`@ez/signature`).
 */
export const provider: Provider<HmacSignatureOptions> = {
  id: 'hmac-signature',
  options: {
    type: 'object',
    required: ['key', 'header'],
    additionalProperties: false,
    properties: {
      key: { type: 'string', description: 'Used as UTF-8' },
      header: { type: 'string', minLength: 1, description: 'Takes the signature of the body' },
      algorithm: { enum: ['sha1', 'sha256', 'sha512'], default: 'sha256' },
      encoding: { enum: ['hex', 'base64'], default: 'hex' },
      prefix: { type: 'string', description: 'Stands before the signature, as in sha256=' },
    },
  },
  create: hmacSignature,
}
