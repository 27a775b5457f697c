import { reveal, type Signer } from '@ez/core'
import { parseComponent } from './component.ts'
import { importKeyFor, parseKey } from './key.ts'
import { type HttpMessageSignaturesOptions, resolveOptions, type Settings } from './options.ts'
import { id, signMessage } from './sign-message.ts'

export { id } from './sign-message.ts'

const withoutBody = ['@method', '@target-uri'].map(parseComponent)
const withBody = [...withoutBody, parseComponent('content-digest')]

/**
 * A signer for HTTP Message Signatures: Ed25519, ECDSA, RSA and HMAC over the components that you name.
 *
 * Writes `signature`, `signature-input` and, where it is signed, `content-digest`. Signatures under other labels stay
 * beside it. Trace stages: `signature-base`, `signature` (base64).
 *
 * Source: RFC 9421; RFC 9530 for `content-digest`.
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID; when signing also
 * EZ_COMPONENT_MISSING, EZ_BODY_UNSIGNABLE, EZ_CLOCK_INVALID, EZ_WRITE_CONFLICT (the label is another signature's)
 *
 * @example
 * ```ts
 * import { httpMessageSignatures } from '@ez/http-message-signatures'
 *
 * const signer = httpMessageSignatures({
 *   algorithm: 'ed25519',
 *   keyId: 'test-key-ed25519',
 *   key: `-----BEGIN PRIVATE KEY-----
 * MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
 * -----END PRIVATE KEY-----`,
 *   components: ['@method', '@target-uri', 'content-digest'],
 * })
 * ```
 */
export function httpMessageSignatures(options: HttpMessageSignaturesOptions): Signer {
  const settings = resolveOptions(id, options)
  const { algorithm } = options
  const parsed = parseKey(id, algorithm, options.key)
  let key: Promise<CryptoKey> | undefined
  return {
    specVersion: 1,
    id,
    writes: {
      headers: digests(settings) ? ['content-digest'] : [],
      query: [],
      // Read first: a signature under another label stays.
      amends: ['signature', 'signature-input'],
    },
    async sign(request, context) {
      key ??= importKeyFor(id, algorithm, parsed, 'sign')
      const components = settings.components ?? (request.body === null ? withoutBody : withBody)
      const { headers, trace } = await signMessage(
        request,
        options,
        { key: await key, components, label: settings.label },
        context,
      )
      return { patch: { headers, query: [] }, trace, secrets: [reveal(options.key)] }
    },
  }
}

function digests({ components }: Settings): boolean {
  return components === undefined || components.some(({ name }) => name === 'content-digest')
}
