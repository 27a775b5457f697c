import { EzError } from '@ez/core'
import { fromBase64 } from '@ez/core/crypto'
import type { KeyPairRule } from '../compile/signature.ts'
import type { KeyPairAlgorithm } from '../language/piece.ts'
import type { Run } from '../run/run.ts'
import { bytesOf, textOf } from '../run/values.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** What WebCrypto imports a key of the algorithm as. */
function importOf(algorithm: KeyPairAlgorithm): { name: string; hash: string; namedCurve: string } {
  const hash = `SHA-${/sha(\d+)$/.exec(algorithm)?.[1] ?? '512'}`
  const name = algorithm.startsWith('rsa-pss')
    ? 'RSA-PSS'
    : algorithm.startsWith('rsa')
      ? 'RSASSA-PKCS1-v1_5'
      : algorithm === 'ed25519'
        ? 'Ed25519'
        : 'ECDSA'
  return { name, hash, namedCurve: 'P-256' }
}

const use = ({ algorithm, salt }: KeyPairRule): { name: string; hash: string; saltLength: number } => ({
  name: importOf(algorithm).name,
  hash: importOf(algorithm).hash,
  saltLength: salt,
})

/** DER: a tag, and the length of what follows it. */
function der(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const content = parts.flatMap((part) => [...part])
  const size: number[] = []
  for (let left = content.length; left > 0; left >>= 8) size.unshift(left & 255)
  return Uint8Array.from([
    tag,
    ...(content.length < 128 ? [content.length] : [128 + size.length, ...size]),
    ...content,
  ])
}

// rsaEncryption with NULL: RFC 8017 appendix A.1.
const rsaEncryption = Uint8Array.of(48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0)

/** A key as PKCS #8 or SPKI, from PEM of any kind or bare base64 of DER. @throws EZ_CREDENTIAL_INVALID */
function keyBytes(text: string, isPrivate: boolean): Bytes {
  const [, kind = isPrivate ? 'PRIVATE KEY' : 'PUBLIC KEY', body = text] =
    /-----BEGIN ([A-Z ]+)-----([^-]+)-----END \1-----/.exec(text) ?? []
  const bytes = fromBase64(body.replace(/\s/g, ''))
  if (bytes && bytes.length > 0) {
    if (kind === 'RSA PRIVATE KEY') return der(48, Uint8Array.of(2, 1, 0), rsaEncryption, der(4, bytes))
    if (kind === 'RSA PUBLIC KEY') return der(48, rsaEncryption, der(3, Uint8Array.of(0), bytes))
    if (kind === (isPrivate ? 'PRIVATE KEY' : 'PUBLIC KEY')) return bytes as Bytes
  }
  throw new EzError(
    'EZ_CREDENTIAL_INVALID',
    `signature: the key is no PEM of ${isPrivate ? 'a private' : 'a public'} key, nor base64 of its DER.`,
  )
}

/** Imports a key. @throws EZ_CREDENTIAL_INVALID */
async function importKey(rule: KeyPairRule, text: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  const bytes = keyBytes(text, usage === 'sign')
  try {
    return await crypto.subtle.importKey(
      usage === 'sign' ? 'pkcs8' : 'spki',
      bytes,
      importOf(rule.algorithm),
      false,
      [usage],
    )
  } catch {
    throw new EzError('EZ_CREDENTIAL_INVALID', `signature: the key is not one for ${rule.algorithm}.`)
  }
}

const imported = new WeakMap<KeyPairRule, { readonly text: string; readonly key: Promise<CryptoKey> }>()

/** A signature with a private key, as bytes. */
export async function signWithKeyPair(rule: KeyPairRule, run: Run): Promise<Uint8Array> {
  const text = textOf(rule.key.read(run))
  const data = bytesOf(rule.of.read(run)) as Bytes
  let last = imported.get(rule)
  if (last?.text !== text) {
    last = { text, key: importKey(rule, text, 'sign') }
    imported.set(rule, last)
  }
  return new Uint8Array(await crypto.subtle.sign(use(rule), await last.key, data))
}

/** Whether a signature is one of a public key. */
export async function verifyWithKeyPair(
  rule: KeyPairRule,
  run: Run,
  signature: Uint8Array,
): Promise<boolean> {
  const key = await importKey(rule, textOf(rule.key.read(run)), 'verify')
  return crypto.subtle.verify(use(rule), key, signature as Bytes, bytesOf(rule.of.read(run)) as Bytes)
}

/** Whether a rule is one with a key pair. */
export const isKeyPair = (rule: object): rule is KeyPairRule => 'algorithm' in rule
