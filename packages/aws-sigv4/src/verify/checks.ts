import type { Claim } from './claim.ts'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

const tokenNames = ['x-amz-security-token', 'x-amz-s3session-token']

/**
 * Date, region and service of the credential.
 *
 * @throws EZ_SCOPE_MISMATCH
 */
export function checkScope(claim: Claim, expected: { service?: string; region?: string }): void {
  const { region, service } = claim
  const [date = ''] = claim.scope
  if (!claim.amzDate.startsWith(date))
    throw refusal('EZ_SCOPE_MISMATCH', `the credential is of ${date}, the request of ${claim.amzDate}.`)
  if (expected.region !== undefined && region !== expected.region)
    throw refusal('EZ_SCOPE_MISMATCH', `the region is '${region}'; expecting '${expected.region}'.`, {
      expectedRegion: expected.region,
    })
  if (expected.service !== undefined && service !== expected.service)
    throw refusal('EZ_SCOPE_MISMATCH', `the service is '${service}'; expecting '${expected.service}'.`, {
      expectedService: expected.service,
    })
}

/**
 * The age of the signature.
 *
 * @throws EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED
 */
export function checkAge(claim: Claim, now: Date, maxSkewSeconds: number): void {
  const age = (now.getTime() - claim.signedAt.getTime()) / 1000
  const isOfTime = -age <= maxSkewSeconds && (claim.expires !== undefined || age <= maxSkewSeconds)
  if (!isOfTime)
    throw refusal(
      'EZ_CLOCK_SKEW',
      `the request is of ${claim.amzDate}, which is more than ${maxSkewSeconds} seconds from the server's ${now.toISOString()}.`,
      { clockOffsetMs: now.getTime() - claim.signedAt.getTime() },
    )
  if (claim.expires !== undefined && !(age < claim.expires))
    throw refusal('EZ_SIGNATURE_EXPIRED', `the URL held for ${claim.expires} seconds from ${claim.amzDate}.`)
}

/**
 * That `host` and every `x-amz-*` header are signed, but the hash of the payload, whose value is signed in any case,
 * and the session token where it is added after signing.
 *
 * @throws EZ_HEADER_UNSIGNED
 */
export function checkSignedNames(claim: Claim, received: Received, signSessionToken: boolean): void {
  const free = new Set([
    ...claim.signedNames,
    'x-amz-content-sha256',
    ...(signSessionToken ? [] : tokenNames),
  ])
  for (const name of ['host', ...received.headers.keys()])
    if ((name === 'host' || name.startsWith('x-amz-')) && !free.has(name))
      throw refusal('EZ_HEADER_UNSIGNED', `the header ${name} is not signed.`)
}
