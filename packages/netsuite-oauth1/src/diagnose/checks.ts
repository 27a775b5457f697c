import { checkAccountHost, parseAccountId } from '../account.ts'
import type { Evidence } from './evidence.ts'

/** One thing that could be wrong and can be looked at from here. */
export interface Check {
  readonly name: string
  /** `undefined` when it is as it must be. */
  readonly problem: string | undefined
}

/** Seconds that NetSuite lets clocks differ. */
const window = 300

/** The checks, the likeliest cause first. */
export function runChecks(evidence: Evidence): Check[] {
  const { header, host } = evidence
  const realm = header.get('realm')
  return [
    { name: 'realm', problem: checkRealm(realm) },
    { name: 'account of the URL', problem: realm === undefined ? undefined : checkAccount(realm, host) },
    { name: 'query signed', problem: checkQuery(evidence) },
    { name: 'clock', problem: checkClock(evidence) },
    { name: 'method', problem: checkMethod(evidence) },
    { name: 'signature algorithm', problem: checkAlgorithm(header.get('oauth_signature_method')) },
    { name: 'nonce', problem: checkNonce(header.get('oauth_nonce')) },
  ]
}

function checkRealm(realm: string | undefined): string | undefined {
  if (realm === undefined) return 'there is none; it must be the account ID'
  if (/^[A-Z0-9]+(_[A-Z0-9]+)*$/.test(realm)) return undefined
  return `"${realm}" must be the account ID in upper case with an underscore, such as 1234567_SB1`
}

function checkAccount(realm: string, host: string): string | undefined {
  try {
    checkAccountHost(parseAccountId(realm), host)
    return undefined
  } catch {
    return `the realm is ${realm}, and the host is ${host}`
  }
}

function checkQuery({ queryNames, header, baseString }: Evidence): string | undefined {
  const inHeader = queryNames.filter((name) => header.has(name))
  if (inHeader.length > 0) return `${inHeader.join(', ')} must not stand in the header`
  const signed = baseString?.split('&').at(-1) ?? ''
  // Names are encoded once more in a base string.
  const missing = queryNames.filter((name) => !signed.includes(`${name.replaceAll('%', '%25')}%3D`))
  return baseString === undefined || missing.length === 0
    ? undefined
    : `${missing.join(', ')} is not in the base string`
}

function checkClock({ clockOffsetMs }: Evidence): string | undefined {
  if (clockOffsetMs === undefined || Math.abs(clockOffsetMs) <= window * 1000) return undefined
  const seconds = Math.round(Math.abs(clockOffsetMs) / 1000)
  return `ours is ${seconds} seconds ${clockOffsetMs > 0 ? 'behind' : 'ahead'}; NetSuite allows ${window}`
}

function checkMethod({ baseString, method }: Evidence): string | undefined {
  const signed = baseString?.split('&')[0]
  return signed === undefined || signed === method ? undefined : `${signed} was signed and ${method} sent`
}

function checkAlgorithm(algorithm: string | undefined): string | undefined {
  return algorithm === 'HMAC-SHA256'
    ? undefined
    : `${algorithm ?? 'none'} was used; NetSuite takes HMAC-SHA256 only`
}

function checkNonce(nonce: string | undefined): string | undefined {
  return nonce !== undefined && /^[A-Za-z0-9]{6,64}$/.test(nonce)
    ? undefined
    : 'it must be 6 to 64 letters and digits (20 to 32 are best)'
}
