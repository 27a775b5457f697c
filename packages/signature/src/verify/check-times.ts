import type { VerifierSettings } from '@ez/core/received'
import type { Claim } from './claim.ts'
import { refusal, unreadable } from './refusal.ts'
import { isDay, readInstant } from './times.ts'

/**
 * When a request was signed, in milliseconds; `undefined` where it does not tell.
 *
 * @throws EZ_AUTHORIZATION_INVALID, EZ_CLOCK_SKEW, EZ_SIGNATURE_EXPIRED, EZ_SCOPE_MISMATCH
 */
export function checkTimes(
  { description, program, captured }: Claim,
  { now, maxSkewSeconds }: VerifierSettings,
): number | undefined {
  let signedAt: number | undefined
  for (const [name, rule] of Object.entries(description.time ?? {})) {
    const text = captured.bound.get(name)
    if (text === undefined || isDay(rule)) continue
    const instant = readInstant(rule, text)
    if (instant === undefined) throw unreadable(`"${name}" is no instant of this scheme`)
    if (!program.scope.ends.has(name)) signedAt ??= instant
    else if (instant < now.getTime()) throw refusal('EZ_SIGNATURE_EXPIRED', 'the signature has expired')
  }
  if (signedAt === undefined) return undefined
  for (const [name, rule] of Object.entries(description.time ?? {})) {
    const text = captured.bound.get(name)
    const day = isDay(rule) && text !== undefined ? readInstant(rule, text) : undefined
    if (day !== undefined && !(signedAt >= day - 50_400_000 && signedAt < day + 86_400_000 + 50_400_000))
      throw refusal('EZ_SCOPE_MISMATCH', `the day does not match the instant of signing`)
  }
  const age = now.getTime() - signedAt
  const isTooNew = description.receives?.sides !== 'past' && -age > maxSkewSeconds * 1000
  if (age > maxSkewSeconds * 1000 || isTooNew)
    throw refusal(
      'EZ_CLOCK_SKEW',
      `it was signed ${Math.round(Math.abs(age) / 1000)} seconds ${age > 0 ? 'ago' : 'ahead'}`,
      {
        clockOffsetMs: age,
      },
    )
  return signedAt
}
