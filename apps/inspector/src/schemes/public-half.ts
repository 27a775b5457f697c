import { readKey } from '@ez/core/keys'

type Jwk = Readonly<Record<string, unknown>>

const kinds = [
  { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  { name: 'Ed25519' },
  { name: 'ECDSA', namedCurve: 'P-256' },
  { name: 'ECDSA', namedCurve: 'P-384' },
  { name: 'ECDSA', namedCurve: 'P-521' },
] as const

/**
 * The key that verifies what a key signs: of a private key its public half as a JWK, of anything else itself.
 *
 * @throws EZ_CREDENTIAL_INVALID
 */
export async function publicHalf(key: string): Promise<string> {
  if (key.trimStart().startsWith('{')) return JSON.stringify(publicMembers(JSON.parse(key) as Jwk))
  if (!key.includes('PRIVATE KEY')) return key
  const data = readKey('inspector', key)
  if (data.format !== 'pkcs8') return key
  for (const kind of kinds)
    try {
      const pair = await crypto.subtle.importKey('pkcs8', data.bytes, kind, true, ['sign'])
      return JSON.stringify(publicMembers((await crypto.subtle.exportKey('jwk', pair)) as Jwk))
    } catch {
      // Not a key of this kind: the next one.
    }
  return key
}

// RFC 7518 section 6: what of a key is private.
function publicMembers(jwk: Jwk): Jwk {
  const { d: _, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, key_ops: _ops, ext: _ext, ...open } = jwk
  return open
}
