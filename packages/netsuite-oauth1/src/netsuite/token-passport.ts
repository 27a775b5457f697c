import { EzError, reveal } from '@ez/core'
import { createHmacKey, encodeRfc3986, hmac, sha256 } from '@ez/core/crypto'
import { checkNetSuiteOptions, type NetSuiteCredentials } from '../options.ts'
import { realmOf } from './account.ts'

const id = 'netsuite-oauth1'

/** The fields of a SOAP `tokenPassport` header. */
export interface TokenPassport {
  /** The account ID as NetSuite writes it: `1234567_SB1`. */
  readonly account: string
  /** Names the integration. */
  readonly consumerKey: string
  /** Names the token. */
  readonly token: string
  /** A text that is used once. */
  readonly nonce: string
  /** Seconds since 1970. */
  readonly timestamp: string
  /** Goes into `<signature algorithm="HMAC-SHA256">`; base64. */
  readonly signature: string
  /** What was signed. */
  readonly baseString: string
}

/**
 * The `tokenPassport` of SOAP web services, and with the same signature the token password of SuiteAnalytics
 * Connect. Pure: the clock and the nonce come from outside.
 *
 * Source: Oracle NetSuite Help, "The Signature for Web Services and RESTlets"; "Token-based Authentication
 * for Connect".
 *
 * @param nonce 6 to 64 letters and digits, used once
 * @throws EZ_OPTION_INVALID when `accountId` or the nonce is not one, EZ_CREDENTIAL_MISSING, EZ_CLOCK_INVALID
 *
 * @example
 * ```ts
 * import { tokenPassport } from '@ez/netsuite-oauth1'
 *
 * const passport = tokenPassport(
 *   { accountId: '1234567', consumerKey: 'ck', consumerSecret: 'cs', tokenId: 'tk', tokenSecret: 'ts' },
 *   { now: new Date(1439829974000), nonce: '6obMKq0tmY8ylVOdEkA1' },
 * )
 * console.log(passport.signature)
 * ```
 */
export function tokenPassport(
  credentials: NetSuiteCredentials,
  at: { readonly now: Date; readonly nonce: string },
): TokenPassport {
  checkNetSuiteOptions(id, credentials)
  const seconds = Math.floor(at.now.getTime() / 1000)
  if (Number.isNaN(seconds)) throw new EzError('EZ_CLOCK_INVALID', `${id}: now must be a Date.`)
  if (!/^[a-z0-9]{6,64}$/i.test(at.nonce))
    throw new EzError('EZ_OPTION_INVALID', `${id}: nonce must be 6 to 64 letters and digits.`)
  const account = realmOf(credentials.accountId)
  const consumerKey = reveal(credentials.consumerKey)
  const token = reveal(credentials.tokenId)
  const timestamp = String(seconds)
  const baseString = [account, consumerKey, token, at.nonce, timestamp].map(encodeRfc3986).join('&')
  const secrets = [credentials.consumerSecret, credentials.tokenSecret].map(reveal)
  const key = createHmacKey(sha256, secrets.map(encodeRfc3986).join('&'))
  return {
    account,
    consumerKey,
    token,
    nonce: at.nonce,
    timestamp,
    signature: hmac(key, baseString, 'base64'),
    baseString,
  }
}
