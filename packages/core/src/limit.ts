import type { Attempt } from './attempt.ts'
import { EzError } from './error.ts'
import { aborted } from './failure.ts'

const defaultTimeoutMs = 30_000
const longestTimeoutMs = 2 ** 31 - 1

/** Waits for a step, but not longer than it may take, and not past an abort. */
export function limited<Result>(pending: PromiseLike<Result>, id: string, attempt: Attempt): Promise<Result> {
  const limit = attempt.context.stepTimeoutMs ?? defaultTimeoutMs
  if (typeof limit !== 'number' || Number.isNaN(limit))
    throw new EzError('EZ_OPTION_INVALID', 'stepTimeoutMs: it must be a number of milliseconds.')
  const { signal } = attempt
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(
        new EzError(
          'EZ_STEP_TIMEOUT',
          `${id}: it took longer than ${limit} ms. Raise stepTimeoutMs, or see what it waits for.`,
        ),
      )
    // A longer time, such as Infinity, would overflow to one millisecond.
    const timer = limit <= longestTimeoutMs ? setTimeout(late, limit) : undefined
    const abort = (): void => {
      // The step may never end, and the timer would keep the process alive.
      clearTimeout(timer)
      reject(aborted(attempt))
    }
    signal?.addEventListener('abort', abort, { once: true })
    Promise.resolve(pending)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
      })
    if (signal?.aborted) abort()
  })
}
