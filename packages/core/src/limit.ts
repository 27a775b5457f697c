import type { Attempt } from './attempt.ts'
import { EzError } from './error.ts'
import { aborted } from './failure.ts'

const defaultTimeoutMs = 30_000

/** Waits for a step, but not longer than it may take, and not past an abort. */
export function limited<Result>(pending: PromiseLike<Result>, id: string, attempt: Attempt): Promise<Result> {
  const limit = attempt.context.stepTimeoutMs ?? defaultTimeoutMs
  const { signal } = attempt
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new EzError(
            'EZ_STEP_TIMEOUT',
            `${id}: it took longer than ${limit} ms. Raise stepTimeoutMs, or see what it waits for.`,
          ),
        ),
      limit,
    )
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
