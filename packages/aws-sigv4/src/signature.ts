import type { Secret } from '@ez/core'
import { createHmacKey, type HmacKey, hmac, hmacBytes, sha256 } from '@ez/core/crypto'
import { secretText } from './credentials/secret-text.ts'
import type { SigningScope } from './string-to-sign.ts'

/**
 * The signing key of a day, region and service: 32 bytes that hold for that day only.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 4.
 *
 * @throws EZ_CREDENTIAL_MISSING
 *
 * @example
 * ```ts
 * import { createSigningScope, deriveSigningKey } from '@ez/aws-sigv4'
 *
 * const scope = createSigningScope(new Date('2015-08-30T12:36:00Z'), 'us-east-1', 'iam')
 * const key = deriveSigningKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope)
 * ```
 */
export function deriveSigningKey(
  secretAccessKey: string | Secret,
  scope: Pick<SigningScope, 'date' | 'region' | 'service'>,
): Uint8Array {
  let key: Uint8Array = hmacBytes(
    createHmacKey(sha256, `AWS4${secretText(secretAccessKey, 'secretAccessKey')}`),
    scope.date,
  )
  key = hmacBytes(createHmacKey(sha256, key), scope.region)
  key = hmacBytes(createHmacKey(sha256, key), scope.service)
  return hmacBytes(createHmacKey(sha256, key), 'aws4_request')
}

/**
 * The signature of a string to sign: 64 lower-case hex digits.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 5.
 *
 * @example
 * ```ts
 * import { createSignature, createSigningScope, deriveSigningKey } from '@ez/aws-sigv4'
 *
 * const scope = createSigningScope(new Date('2015-08-30T12:36:00Z'), 'us-east-1', 'iam')
 * const key = deriveSigningKey('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', scope)
 * const signature = createSignature(key, 'AWS4-HMAC-SHA256\n…')
 * ```
 */
export function createSignature(signingKey: Uint8Array | HmacKey, stringToSign: string): string {
  const key = signingKey instanceof Uint8Array ? createHmacKey(sha256, signingKey) : signingKey
  return hmac(key, stringToSign, 'hex')
}
