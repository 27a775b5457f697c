import { EzError, type ResolvedRequest } from '@ez/core'
import type { Claim } from './claim.ts'
import type { VerifiedAwsSigV4, VerifyAwsSigV4Options } from './options.ts'
import { refusal } from './refusal.ts'
import { isSignedByKey, publicKeyOf } from './v4a-key.ts'
import { type VerifierScheme, verifyWith } from './verify-with.ts'

export type { VerifierSecret } from './options.ts'
export type { RefusalCode } from './refusal.ts'

/** Options of {@link verifyAwsSigV4a}. */
export interface VerifyAwsSigV4aOptions extends VerifyAwsSigV4Options {
  /** The region that the set of the signature must hold, such as `eu-west-1`. */
  readonly region?: string
}

/** What a signature of version 4A vouches for, and nothing that it does not, but for `unsignedBody`. */
export interface VerifiedAwsSigV4a extends Omit<VerifiedAwsSigV4, 'region'> {
  /** The regions that the signature holds for, as they were sent: `us-east-1`, `eu-*`, `*`. */
  readonly regionSet: readonly string[]
}

/**
 * Verifies a request signed with AWS Signature Version 4A (`AWS4-ECDSA-P256-SHA256`), in the header or presigned.
 *
 * It is held to the rules of `verifyAwsSigV4`, shares no canonicalisation with the signer and works on WebCrypto. Chunks
 * that are signed are refused.
 *
 * Source: AWS IAM User Guide, "AWS Signature Version 4 for API requests"; github.com/awslabs/aws-c-auth.
 *
 * @throws what `verifyAwsSigV4` throws
 *
 * @example
 * ```ts
 * import { verifyAwsSigV4a } from '@ez/aws-sigv4/v4a/verify'
 *
 * export async function handle(request: Request): Promise<Response> {
 *   const { keyId, regionSet } = await verifyAwsSigV4a(request, {
 *     service: 's3',
 *     region: 'eu-west-1',
 *     secretFor: (id) => (id === 'AKIDEXAMPLE' ? 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' : undefined),
 *   })
 *   return new Response(`${keyId}, in ${regionSet.join(' and ')}`)
 * }
 * ```
 */
export async function verifyAwsSigV4a(
  request: Request | ResolvedRequest,
  options: VerifyAwsSigV4aOptions,
): Promise<VerifiedAwsSigV4a> {
  const { region: wanted, ...others } = options ?? ({} as VerifyAwsSigV4aOptions)
  if (wanted !== undefined && (typeof wanted !== 'string' || !/^[A-Za-z0-9-]+$/.test(wanted)))
    throw new EzError('EZ_OPTION_INVALID', 'verify aws-sigv4a: option region must name one region.')
  const { region, ...verified } = await verifyWith(request, others, schemeFor(wanted))
  return { ...verified, regionSet: regionsOf(region) }
}

function schemeFor(wanted: string | undefined): VerifierScheme {
  return {
    // DER of two integers of at most 33 bytes.
    form: { algorithm: 'AWS4-ECDSA-P256-SHA256', signature: /^30(?:[0-9a-f]{2}){7,71}$/, hasRegion: false },
    keyOf: (secretAccessKey, { keyId }) => publicKeyOf(keyId, secretAccessKey),
    isSigned: isSignedByKey,
    check: (claim) => checkRegion(claim, wanted),
  }
}

function checkRegion({ region }: Claim, wanted: string | undefined): void {
  const regions = regionsOf(region)
  if (regions.length === 0 || !regions.every((one) => /^[A-Za-z0-9*-]+$/.test(one)))
    throw refusal('EZ_AUTHORIZATION_INVALID', 'x-amz-region-set is missing, or names no regions.')
  if (wanted === undefined || regions.some((pattern) => holdsIn(pattern, wanted))) return
  throw refusal('EZ_SCOPE_MISMATCH', `the signature is for '${region}'; expecting '${wanted}'.`, {
    expectedRegion: wanted,
  })
}

function regionsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(',').map((one) => one.trim())
}

/** Whether a region is one of a pattern; part by part, so that no pattern takes long. */
function holdsIn(pattern: string, region: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return region === pattern
  if (!region.startsWith(first) || !region.endsWith(last)) return false
  let from = first.length
  for (const part of rest) {
    const found = region.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return from <= region.length - last.length
}
