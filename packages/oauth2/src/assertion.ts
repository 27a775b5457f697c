import { EzError, type Secret, type SignContext } from '@ez/core'
import { toBase64 } from '@ez/core/crypto'
import { readKey } from '@ez/core/keys'
import { importJWK, importPKCS8, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

/** A private key: PEM (PKCS #8, PKCS #1, SEC 1), or a JWK as JSON. */
export type PrivateKey = string | Secret

/**
 * A JWT signed with a private key, at the attempt's instant.
 *
 * @throws EZ_CREDENTIAL_INVALID when the key cannot be read, or does not fit the algorithm
 */
export async function signAssertion(
  id: string,
  privateKey: PrivateKey,
  header: JWTHeaderParameters,
  claims: JWTPayload,
  lifetimeSeconds: number,
  context: SignContext,
): Promise<string> {
  const data = readKey(id, privateKey)
  const issuedAt = Math.floor(context.now().getTime() / 1000)
  try {
    const key =
      data.format === 'jwk'
        ? await importJWK(data.jwk, header.alg)
        : await importPKCS8(
            `-----BEGIN PRIVATE KEY-----\n${toBase64(data.bytes)}\n-----END PRIVATE KEY-----`,
            header.alg,
          )
    return await new SignJWT(claims)
      .setProtectedHeader(header)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(key)
  } catch {
    throw new EzError(
      'EZ_CREDENTIAL_INVALID',
      `${id}: the private key cannot sign with ${header.alg}. Give a private key of the kind that ${header.alg} asks for, in PEM or as a JWK.`,
    )
  }
}
