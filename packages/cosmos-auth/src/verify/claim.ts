import { refusal } from './refusal.ts'

/** What the authorization header says. */
export interface Claim {
  readonly kind: 'master' | 'resource' | 'aad'
  /** The signature in base64, or the token. */
  readonly signature: string
}

/**
 * Reads the authorization header as the gateway does.
 *
 * @throws EZ_AUTHORIZATION_MISSING, EZ_AUTHORIZATION_AMBIGUOUS, EZ_AUTHORIZATION_INVALID
 */
export function readClaim(header: string | undefined): Claim {
  if (header === undefined) throw refusal('EZ_AUTHORIZATION_MISSING', 'there is no authorization header.')
  // Ours is percent-encoded, so that a comma stands between two headers that were joined.
  if (header.includes(','))
    throw refusal('EZ_AUTHORIZATION_AMBIGUOUS', 'there are two authorization headers.')
  let decoded: string
  try {
    // The gateway decodes as a form is decoded, so a `+` that was not encoded becomes a space.
    decoded = decodeURIComponent(header.replaceAll('+', ' '))
  } catch {
    throw invalid('the header is not percent-encoded')
  }
  const [, kind, version, signature] = /^type=(\w+)&ver=([\d.]+)&sig=(.*)$/is.exec(decoded) ?? []
  if (signature === undefined || version === undefined) throw invalid('the header is not type, ver and sig')
  if (kind === 'resource') return { kind, signature: decoded }
  if (version !== '1.0') throw invalid(`version ${version} is not known`)
  if (kind === 'aad') return { kind, signature }
  if (kind !== 'master') throw invalid(`type ${kind} is not known`)
  // What stands behind a comma is dropped, and only master tokens are short.
  if (header.length > 1024) throw invalid('the header is longer than 1024 characters')
  return { kind, signature: signature.replace(/,.*$/s, '') }
}

/** The refusal of what cannot be read. */
export function invalid(reason: string): Error {
  return refusal('EZ_AUTHORIZATION_INVALID', `${reason}.`)
}
