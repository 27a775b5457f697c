import { EzError, reveal, type Secret, type SignContext } from '@ez/core'
import { importPKCS8, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'

/** A private key in PEM (PKCS #8: `-----BEGIN PRIVATE KEY-----`). */
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
  const issuedAt = Math.floor(context.now().getTime() / 1000)
  try {
    // A key that came through an environment variable often has its line ends escaped.
    const key = await importPKCS8(reveal(privateKey).replaceAll('\\n', '\n'), header.alg)
    return await new SignJWT(claims)
      .setProtectedHeader(header)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifetimeSeconds)
      .sign(key)
  } catch {
    throw new EzError(
      'EZ_CREDENTIAL_INVALID',
      `${id}: the private key cannot sign with ${header.alg}. Give a PKCS #8 key in PEM ("BEGIN PRIVATE KEY") of the kind that ${header.alg} asks for.`,
    )
  }
}
