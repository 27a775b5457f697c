import {
  EzError,
  type ResolvedRequest,
  reveal,
  type SignContext,
  type Signer,
  type SignResult,
} from '@ez/core'
import { toBase64 } from '@ez/core/crypto'
import { secondsOf } from './clock.ts'
import { parseComponent } from './component.ts'
import { createContentDigest } from './content-digest.ts'
import { importKeyFor, parseKey } from './key.ts'
import { type HttpMessageSignaturesOptions, resolveOptions, type Settings } from './options.ts'
import { besideOthers } from './side-by-side.ts'
import { createSignature } from './signature.ts'
import { createSignatureBase, createSignatureParameters } from './signature-base.ts'

export const id = 'http-message-signatures'

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
      return signWith(await key, options, settings, request, context)
    },
  }
}

function digests({ components }: Settings): boolean {
  return components === undefined || components.some(({ name }) => name === 'content-digest')
}

async function signWith(
  key: CryptoKey,
  options: HttpMessageSignaturesOptions,
  settings: Settings,
  request: ResolvedRequest,
  context: SignContext,
): Promise<SignResult> {
  const { algorithm, keyId, tag, created = true, expiresIn } = options
  const components = settings.components ?? (request.body === null ? withoutBody : withBody)
  const digest = components.some(({ name }) => name === 'content-digest')
    ? { 'content-digest': await digestOf(request, options) }
    : {}
  const seconds = created || expiresIn !== undefined ? secondsOf(context) : 0
  const parameters = createSignatureParameters(components, {
    ...(created ? { created: seconds } : {}),
    ...(keyId === undefined ? {} : { keyid: keyId }),
    ...(options.alg ? { alg: algorithm } : {}),
    ...(expiresIn === undefined ? {} : { expires: seconds + expiresIn }),
    ...(options.nonce ? { nonce: context.nonce() } : {}),
    ...(tag === undefined ? {} : { tag }),
  })
  const headers = [
    ...request.headers.filter(([name]) => !Object.hasOwn(digest, name)),
    ...Object.entries(digest),
  ]
  const { fieldTypes } = options
  const message = { ...request, headers, ...(fieldTypes ? { fieldTypes } : {}) }
  const signatureBase = createSignatureBase(message, components, parameters)
  const signature = toBase64(await createSignature(algorithm, key, signatureBase))
  return {
    patch: {
      headers: {
        ...digest,
        ...besideOthers(request, settings.label, keyId, parameters, signature),
      },
      query: [],
    },
    trace: [
      { id: 'signature-base', value: signatureBase },
      { id: 'signature', value: signature },
    ],
    secrets: [reveal(options.key)],
  }
}

function digestOf({ body }: ResolvedRequest, options: HttpMessageSignaturesOptions): Promise<string> {
  const bytes = body ?? new Uint8Array()
  if (bytes instanceof Uint8Array) return createContentDigest(options.contentDigest ?? 'sha-256', bytes)
  throw new EzError(
    'EZ_BODY_UNSIGNABLE',
    `${id}: the digest of a stream is not known before it is sent. Send bytes, or leave content-digest out.`,
  )
}
