import type { Vector } from '@ez/core/testing'
import type { SignatureAlgorithm } from '@ez/http-message-signatures'
import type { VerifierSecret } from '@ez/http-message-signatures/verify'
import vectors from '../vectors/rfc9421.json' with { type: 'json' }

const ed25519 = '{"kty":"OKP","crv":"Ed25519","x":"JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"}'

/** The public keys of RFC 9421 appendix B.1, taken from the private ones of the vectors. */
export function publicKey(keyId: string): VerifierSecret {
  const options = (vectors as unknown as Vector[]).find((vector) => vector.options.keyId === keyId)?.options
  if (!options) return undefined
  const algorithm = options.algorithm as SignatureAlgorithm
  const key = options.key as string
  if (algorithm === 'ed25519') return { algorithm, key: ed25519 }
  if (algorithm === 'hmac-sha256') return { algorithm, key }
  const { kty, crv, x, y, n, e } = JSON.parse(key)
  return { algorithm, key: JSON.stringify({ kty, crv, x, y, n, e }) }
}
