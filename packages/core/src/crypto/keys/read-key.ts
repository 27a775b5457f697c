import { fromBase64 } from '#crypto'
import { EzError } from '../../base/error.ts'
import { reveal, type Secret } from '../../base/secret.ts'
import { wrapEcPrivateKey, wrapRsaPrivateKey, wrapRsaPublicKey } from './wrap.ts'

/** A key in a form that WebCrypto imports. */
export type KeyData =
  | { readonly format: 'pkcs8' | 'spki'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly format: 'jwk'; readonly jwk: JsonWebKey }

const block = /-----BEGIN ([A-Z0-9 ]+)-----((?:(?!-----)[\s\S])*)-----END \1-----/g

/**
 * Reads a private or public key: PEM with PKCS#8, PKCS#1, SEC1 or SPKI, or a JWK as JSON.
 *
 * Line feeds may be written as `\n`, as they often are in environment variables.
 *
 * @param subject stands in front of messages
 * @throws EZ_CREDENTIAL_INVALID, whose message never shows the key
 *
 * Source: RFC 7468 (PEM), RFC 5958 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC1), RFC 7517 (JWK).
 *
 * @example
 * ```ts
 * import { readKey } from '@ez/core/keys'
 *
 * readKey('my-signer', '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}').format // 'jwk'
 * ```
 */
export function readKey(subject: string, key: string | Secret): KeyData {
  const text = reveal(key).trim()
  if (text.startsWith('{')) return { format: 'jwk', jwk: parseJwk(subject, text) }
  const blocks = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const [, label = '', body = ''] of text.replaceAll('\\n', '\n').matchAll(block)) {
    if (
      /^(?:ENCRYPTED PRIVATE KEY|OPENSSH PRIVATE KEY|CERTIFICATE|DSA PRIVATE KEY)$/.test(label) ||
      body.includes(':')
    )
      throw invalid(subject, unreadable(label))
    const bytes = fromBase64(body.replace(/\s+/g, ''))
    if (!bytes?.length) throw invalid(subject, `the PEM block ${label} is not base64. Copy the key again`)
    blocks.set(label, bytes)
  }
  const [found] = [...blocks.keys()].filter((label) => Object.hasOwn(readers, label))
  if (found === undefined)
    throw invalid(
      subject,
      'the key is neither PEM (PKCS#8, PKCS#1, SEC1, SPKI: "-----BEGIN PRIVATE KEY-----" and kin) nor a JWK as JSON',
    )
  const data = readers[found as keyof typeof readers](blocks.get(found) as Uint8Array<ArrayBuffer>, blocks)
  if (data) return data
  throw invalid(
    subject,
    'the EC key does not name its curve. Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem',
  )
}

type Reader = (
  bytes: Uint8Array<ArrayBuffer>,
  blocks: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
) => KeyData | undefined

const readers = {
  'PRIVATE KEY': (bytes) => ({ format: 'pkcs8', bytes }),
  'RSA PRIVATE KEY': (bytes) => ({ format: 'pkcs8', bytes: wrapRsaPrivateKey(bytes) }),
  'EC PRIVATE KEY': (bytes, blocks) => {
    const wrapped = wrapEcPrivateKey(bytes, blocks.get('EC PARAMETERS'))
    return wrapped && { format: 'pkcs8', bytes: wrapped }
  },
  'PUBLIC KEY': (bytes) => ({ format: 'spki', bytes }),
  'RSA PUBLIC KEY': (bytes) => ({ format: 'spki', bytes: wrapRsaPublicKey(bytes) }),
} satisfies Readonly<Record<string, Reader>>

function parseJwk(subject: string, text: string): JsonWebKey {
  try {
    return JSON.parse(text) as JsonWebKey
  } catch {
    throw invalid(subject, 'the key looks like a JWK and is not JSON')
  }
}

function unreadable(label: string): string {
  if (label === 'CERTIFICATE')
    return 'this is a certificate. Give its key: openssl x509 -pubkey -noout -in certificate.pem'
  if (label === 'OPENSSH PRIVATE KEY')
    return 'this is an OpenSSH key. Convert it: ssh-keygen -p -m PKCS8 -f key (then openssl pkcs8, if it has a passphrase)'
  if (label === 'DSA PRIVATE KEY') return 'this is a DSA key, which no scheme here signs with'
  return 'the key is encrypted. Decrypt it: openssl pkcs8 -in key.pem -out plain.pem'
}

/** The refusal of a key; the problem must not show any of it. */
export function invalid(subject: string, problem: string, cause?: unknown): EzError {
  return new EzError('EZ_CREDENTIAL_INVALID', `${subject}: ${problem}.`, cause === undefined ? {} : { cause })
}
