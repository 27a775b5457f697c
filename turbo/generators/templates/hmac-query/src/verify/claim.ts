import { refusal } from './refusal.ts'

/** What a URL says of its signature. */
export interface Claim {
  readonly keyId: string
  /** Seconds since 1970, as they were written. */
  readonly expires: string
  /** Hex. */
  readonly signature: string
}

/** @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_INVALID, EZ_AUTHORIZATION_AMBIGUOUS */
export function readClaim(url: URL): Claim {
  const one = (name: string): string => {
    const values = url.searchParams.getAll(name)
    if (values.length > 1) throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', `there are two parameters ${name}.`)
    if (!values[0]) throw refusal('EZ_AUTHORIZATION_MISSING', `there is no parameter ${name}.`)
    return values[0]
  }
  const [keyId, expires, signature] = [one('key-id'), one('expires'), one('signature')]
  if (!/^\d{1,12}$/.test(expires)) throw refusal('EZ_AUTHORIZATION_INVALID', 'expires is no instant.')
  return { keyId, expires, signature }
}
