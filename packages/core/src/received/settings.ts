import { EzError } from '../base/error.ts'
import { checkOptions, type OptionRule } from '../check/options.ts'

/** The options that every verifier has, beside the look-up `secretFor`. */
export interface VerifierOptions {
  /** The clock (default: the system's). */
  readonly now?: Date | (() => Date)
  /** Seconds that clocks may differ. */
  readonly maxSkewSeconds?: number
  /** What the client called, where a proxy changed it. */
  readonly url?: string
  /** Bytes of body to read at most. */
  readonly maxBodyBytes?: number
}

/** What a verifier takes for options that are left out. */
export interface VerifierDefaults {
  /** Seconds that clocks may differ. */
  readonly maxSkewSeconds: number
  /** Bytes (default 64 MiB). */
  readonly maxBodyBytes?: number
}

/** The common options with every default filled in. */
export interface VerifierSettings {
  /** The instant of this verification. */
  readonly now: Date
  /** Seconds that clocks may differ. */
  readonly maxSkewSeconds: number
  /** Bytes of body to read at most. */
  readonly maxBodyBytes: number
}

const common = {
  secretFor: 'function',
  now: 'function|object?',
  maxSkewSeconds: 'number?',
  url: 'string?',
  maxBodyBytes: 'number?',
}

/**
 * Checks the options of a verifier, asks its clock, and fills the defaults in.
 *
 * All numbers among them are seconds or bytes, and none may be negative.
 *
 * @param rules of the options that the verifier has of its own, as `checkOptions` takes them
 * @throws EZ_OPTION_INVALID, also for a clock that gives no instant: every age would pass a comparison with it
 *
 * @example
 * ```ts
 * import { verifierSettings } from '@ez/core/received'
 *
 * const options = { secretFor: () => 'abc', now: new Date('2026-01-15T12:36:00Z') }
 * const { now, maxBodyBytes } = verifierSettings('verify my-scheme', options, {}, { maxSkewSeconds: 300 })
 * console.log(now.toISOString(), maxBodyBytes)
 * ```
 */
export function verifierSettings(
  verifier: string,
  options: VerifierOptions,
  rules: Readonly<Record<string, OptionRule>>,
  defaults: VerifierDefaults,
): VerifierSettings {
  checkOptions(verifier, options, { ...common, ...rules })
  for (const [name, value] of Object.entries(options))
    if (typeof value === 'number' && value < 0)
      throw new EzError('EZ_OPTION_INVALID', `${verifier}: option ${name} must not be negative.`)
  const { now: clock = new Date(), maxSkewSeconds = defaults.maxSkewSeconds } = options
  const now: unknown = typeof clock === 'function' ? clock() : clock
  if (!(now instanceof Date) || Number.isNaN(now.getTime()))
    throw new EzError('EZ_OPTION_INVALID', `${verifier}: option now gives no valid Date.`)
  const maxBodyBytes = options.maxBodyBytes ?? defaults.maxBodyBytes ?? 67_108_864
  return { now, maxSkewSeconds, maxBodyBytes }
}
