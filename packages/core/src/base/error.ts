import type { TraceStep } from './trace-step.ts'

const brand: unique symbol = /* @__PURE__ */ Symbol.for('@ez/core.error')

/** Options of an {@link EzError}. */
export interface EzErrorOptions {
  /** What was thrown underneath. */
  readonly cause?: unknown
  /** The trace up to the failure, masked. */
  readonly trace?: readonly TraceStep[]
  /** Structured facts about the failure, for programs. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error of all `@ez` packages, told apart by a stable `code`.
 *
 * The message names the subject, what is wrong and what to do; it never holds a secret. `instanceof`
 * works across two installed copies of this package. Every code is listed in `docs/errors.md`.
 *
 * @example
 * ```ts
 * import { EzError } from '@ez/core'
 *
 * try {
 *   throw new EzError('EZ_CREDENTIAL_MISSING', 'aws-sigv4: secretAccessKey is required.')
 * } catch (error) {
 *   if (EzError.isInstance(error) && error.code === 'EZ_CREDENTIAL_MISSING') console.log(error.message)
 * }
 * ```
 */
export class EzError extends Error {
  /** Stable code, `EZ_…` in upper case. */
  readonly code: string
  /** The trace up to the failure, masked; empty when the pipeline had not started. */
  readonly trace: readonly TraceStep[]
  /** Structured facts about the failure, for programs. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, { cause, trace = [], details = {} }: EzErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.trace = trace
    this.details = details
    Object.defineProperty(this, brand, { value: true })
  }

  // No own property, so that an inspected error stays short.
  /** Always `EzError`. */
  override get name(): string {
    return 'EzError'
  }

  /** Whether a thrown value is an `EzError` of this or another installed copy. */
  static isInstance(value: unknown): value is EzError {
    return (value as { readonly [brand]?: unknown } | null | undefined)?.[brand] === true
  }

  /** Knows errors of every copy of this package, as `isInstance` does. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return EzError.isInstance(value)
  }
}
