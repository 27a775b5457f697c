import type { ReceivedRequest } from '@ez/core/received'
import { refusal } from './refusal.ts'

/** What a request says of its signature. */
export interface Claim {
  readonly keyId: string
  /** ISO instant, the value of `x-date`. */
  readonly date: string
  /** Milliseconds since 1970. */
  readonly signedAt: number
  /** Hex. */
  readonly signature: string
}

/** @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS */
export function readClaim({ header }: ReceivedRequest): Claim {
  const authorization = header('authorization')
  const date = header('x-date') ?? ''
  if (authorization === undefined)
    throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  const [, keyId = '', signature] =
    /^HMAC-SHA256 Credential=([^,]+), Signature=([0-9a-f]{64})$/.exec(authorization) ?? []
  const signedAt = Date.parse(date)
  if (signature === undefined || Number.isNaN(signedAt))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the authorization or x-date header cannot be read.')
  return { keyId, date, signedAt, signature }
}
