import { importKey, type KeyAlgorithm, readKey } from '@ez/core/keys'
import type { KeyPairRule } from '../compile/signature.ts'
import type { Run } from '../run/run.ts'
import { bytesOf, textOf } from '../run/values.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The algorithm as WebCrypto names it, to import a key and to use it. */
function algorithmOf({ algorithm, salt }: KeyPairRule): KeyAlgorithm & { hash: string; saltLength: number } {
  const hash = `SHA-${/sha(\d+)$/.exec(algorithm)?.[1] ?? '512'}`
  const name = algorithm.startsWith('rsa-pss')
    ? 'RSA-PSS'
    : algorithm.startsWith('rsa')
      ? 'RSASSA-PKCS1-v1_5'
      : algorithm === 'ed25519'
        ? 'Ed25519'
        : 'ECDSA'
  return { name, hash, saltLength: salt, namedCurve: 'P-256' } as ReturnType<typeof algorithmOf>
}

/** Imports a key: PEM or JWK, or the base64 of its DER. @throws EZ_CREDENTIAL_INVALID */
async function keyOf(rule: KeyPairRule, text: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  const label = usage === 'sign' ? 'PRIVATE KEY' : 'PUBLIC KEY'
  const pem = /^[\sA-Za-z0-9+/=]+$/.test(text)
    ? `-----BEGIN ${label}-----${text}-----END ${label}-----`
    : text
  return importKey('signature', readKey('signature', pem), algorithmOf(rule), usage)
}

const imported = new WeakMap<KeyPairRule, { readonly text: string; readonly key: Promise<CryptoKey> }>()

/** A signature with a private key, as bytes. */
export async function signWithKeyPair(rule: KeyPairRule, run: Run): Promise<Uint8Array> {
  const text = textOf(rule.key.read(run))
  const data = bytesOf(rule.of.read(run)) as Bytes
  let last = imported.get(rule)
  if (last?.text !== text) {
    last = { text, key: keyOf(rule, text, 'sign') }
    imported.set(rule, last)
  }
  return new Uint8Array(await crypto.subtle.sign(algorithmOf(rule), await last.key, data))
}

/** Whether a signature is one of a public key. */
export async function verifyWithKeyPair(
  rule: KeyPairRule,
  run: Run,
  signature: Uint8Array,
): Promise<boolean> {
  const key = await keyOf(rule, textOf(rule.key.read(run)), 'verify')
  return crypto.subtle.verify(algorithmOf(rule), key, signature as Bytes, bytesOf(rule.of.read(run)) as Bytes)
}

/** Whether a rule is one with a key pair. */
export const isKeyPair = (rule: object): rule is KeyPairRule => 'algorithm' in rule
