import { readElement, readSequence, tags, writeElement } from './der.ts'

// Object identifiers as DER content: rsaEncryption 1.2.840.113549.1.1.1, ecPublicKey 1.2.840.10045.2.1.
const rsaEncryption = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
const ecPublicKey = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]

const version = writeElement(tags.integer, [0])
const rsaAlgorithm = writeElement(
  tags.sequence,
  writeElement(tags.identifier, rsaEncryption),
  writeElement(tags.null),
)

/** PKCS#8 of a private RSA key in PKCS#1. Source: RFC 5208 section 5, RFC 8017 appendix A.1.2. */
export function wrapRsaPrivateKey(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeElement(tags.sequence, version, rsaAlgorithm, writeElement(tags.octets, pkcs1))
}

/** SPKI of a public RSA key in PKCS#1. Source: RFC 5280 section 4.1. */
export function wrapRsaPublicKey(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeElement(tags.sequence, rsaAlgorithm, writeElement(tags.bits, [0], pkcs1))
}

/**
 * PKCS#8 of a private key in SEC1; `undefined` when it does not name its curve.
 *
 * @param parameters the `EC PARAMETERS` that may stand before it, which name the curve
 *
 * Source: RFC 5915 section 3.
 */
export function wrapEcPrivateKey(
  sec1: Uint8Array,
  parameters?: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  const whole = readElement(sec1)
  const named =
    whole?.tag === tags.sequence ? readSequence(whole.content)?.find(({ tag }) => tag === 0xa0) : undefined
  const curve = readElement(named?.content ?? parameters ?? new Uint8Array())
  if (curve?.tag !== tags.identifier) return undefined
  const algorithm = writeElement(
    tags.sequence,
    writeElement(tags.identifier, ecPublicKey),
    writeElement(tags.identifier, curve.content),
  )
  return writeElement(tags.sequence, version, algorithm, writeElement(tags.octets, sec1))
}
