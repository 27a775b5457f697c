import { hash, sha256 } from '@ez/core/crypto'

/** Stands in the string to sign and before the signature. */
export const algorithm = 'HMAC-SHA256'

/** The text that is signed: algorithm, date and the hex SHA-256 of the canonical request, one per line. */
export function createStringToSign(canonicalRequest: string, date: string): string {
  return `${algorithm}\n${date}\n${hash(sha256, canonicalRequest, 'hex')}`
}
