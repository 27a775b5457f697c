import type { MaybePromise } from '@ez/core'
import { toHex, utf8 } from '@ez/core/crypto'

/** Signs a text with ECDSA P-256 and SHA-256; gives hex of the DER form. */
export type EcdsaSigner = (text: string) => MaybePromise<string>

interface HostCrypto {
  createPrivateKey(key: { key: unknown; format: 'der'; type: 'pkcs8' }): unknown
  sign(algorithm: 'sha256', data: Uint8Array, key: unknown): { toString(encoding: 'hex'): string }
}

// PKCS #8 (RFC 5208) of an EC private key (RFC 5915) on prime256v1; the public key is worked out on import.
const pkcs8Head = Uint8Array.from(
  '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420'.match(/../g) ?? [],
  (pair) => Number.parseInt(pair, 16),
)

/** Prepares a private key of 32 bytes once: on Node for synchronous signing, elsewhere for WebCrypto. */
export function createEcdsaSigner(privateKey: Uint8Array): EcdsaSigner {
  const pkcs8 = new Uint8Array(pkcs8Head.length + privateKey.length)
  pkcs8.set(pkcs8Head)
  pkcs8.set(privateKey, pkcs8Head.length)
  const host = hostCrypto()
  if (host) {
    const key = host.createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    return (text) => host.sign('sha256', utf8(text), key).toString('hex')
  }
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const imported = crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
  return async (text) => {
    const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, await imported, utf8(text))
    return toHex(derOf(new Uint8Array(raw)))
  }
}

// Asked for at run time, so that bundles for browsers stay free of it.
function hostCrypto(): HostCrypto | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process
  const module = host?.getBuiltinModule?.('node:crypto') as Partial<HostCrypto> | undefined
  return module?.createPrivateKey && module.sign ? (module as HostCrypto) : undefined
}

/** WebCrypto's r and s, 32 bytes each, as a DER sequence of two integers (X.690). */
export function derOf(raw: Uint8Array): Uint8Array {
  const integers = [integerOf(raw.subarray(0, 32)), integerOf(raw.subarray(32))]
  const body = integers.flat()
  return Uint8Array.of(0x30, body.length, ...body)
}

function integerOf(bytes: Uint8Array): number[] {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1
  const digits = [...bytes.subarray(start)]
  if ((digits[0] as number) >= 0x80) digits.unshift(0)
  return [0x02, digits.length, ...digits]
}
