import { EzError } from '../base/error.ts'
import type { Mask } from '../masking/mask.ts'
import type { Attempt } from './attempt.ts'

/** An error of a step; a coded one stays as it is. */
export function stepError(cause: unknown, code: string, id: string, kind: string): EzError {
  if (EzError.isInstance(cause)) return cause
  return new EzError(code, `${id}: the ${kind} failed: ${messageOf(cause)}`, { cause })
}

/** @throws EZ_ABORTED */
export function checkAborted(attempt: Attempt): void {
  if (attempt.signal?.aborted) throw abortError(attempt)
}

/** The error of a request that was aborted. */
export function abortError(attempt: Attempt): EzError {
  return new EzError('EZ_ABORTED', 'The request was aborted before it was sent.', {
    cause: attempt.signal?.reason,
  })
}

/** An error of the pipeline: coded, without secrets, with the trace so far. */
export function maskError(error: unknown, attempt: Attempt): EzError {
  const { recorder } = attempt
  const mask = recorder.mask()
  const known = EzError.isInstance(error)
  const cause = known ? error.cause : error
  const told = known
    ? error
    : attempt.signal?.aborted
      ? abortError(attempt)
      : new EzError('EZ_PREPARE_FAILED', `The request could not be prepared: ${messageOf(error)}`)
  return new EzError(told.code, mask.apply(messageOf(told)), {
    trace: recorder.steps(),
    ...(known ? { details: detailsOf(error, mask) } : {}),
    ...(cause === undefined ? {} : { cause: maskCause(cause, mask) }),
  })
}

// A detail may be a getter that throws.
function detailsOf(error: EzError, mask: Mask): Record<string, unknown> {
  try {
    return maskDetails(error.details, mask) as Record<string, unknown>
  } catch {
    return {}
  }
}

const deepestDetail = 50

/** Facts about a failure without secrets: of what is neither data nor an error, only its kind. */
function maskDetails(value: unknown, mask: Mask, depth = 0): unknown {
  if (typeof value === 'string') return mask.apply(value)
  if (typeof value === 'function' || typeof value === 'symbol') return Object.prototype.toString.call(value)
  if (typeof value !== 'object' || value === null) return value
  // Anew, since it may have properties of its own.
  if (value instanceof Date) return new Date(value)
  if (depth === deepestDetail) return '…'
  if (Array.isArray(value)) return value.map((item) => maskDetails(item, mask, depth + 1))
  if (value instanceof Error) return maskCause(value, mask)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return Object.prototype.toString.call(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [mask.apply(key), maskDetails(item, mask, depth + 1)]),
  )
}

// A thrown value may be anything, and its message may throw itself.
function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown)
  } catch {
    return 'it threw a value that has no text'
  }
}

const deepestCause = 10

// The cause is copied, since its message may quote what the step was given.
function maskCause(cause: unknown, mask: Mask, depth = 0): unknown {
  try {
    if (!(cause instanceof Error)) return mask.apply(messageOf(cause))
    const copy = new Error(mask.apply(messageOf(cause)))
    copy.name = mask.apply(String(cause.name))
    if (typeof cause.stack === 'string') copy.stack = mask.apply(cause.stack)
    if (cause.cause !== undefined && depth < deepestCause)
      copy.cause = maskCause(cause.cause, mask, depth + 1)
    return copy
  } catch {
    return 'a value that cannot be read'
  }
}
