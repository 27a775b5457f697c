import { EzError } from '../base/error.ts'
import type { PrepareContext } from '../contract/context.ts'
import type { Attempt } from './attempt.ts'
import { abortError } from './failure.ts'

const defaultTimeoutMs = 30_000
const longestTimeoutMs = 0x7fff_ffff

/** @throws EZ_OPTION_INVALID */
export function checkTimeLimit({ stepTimeoutMs }: PrepareContext): void {
  const limit: unknown = stepTimeoutMs ?? defaultTimeoutMs
  if (typeof limit !== 'number' || !(limit >= 0))
    throw new EzError('EZ_OPTION_INVALID', 'stepTimeoutMs: it must be a number of milliseconds.')
}

/** Waits for a step, but not longer than it may take, and not past an abort. */
export function withTimeLimit<Result>(
  pending: PromiseLike<Result>,
  id: string,
  attempt: Attempt,
): Promise<Result> {
  const limit = attempt.context.stepTimeoutMs ?? defaultTimeoutMs
  const { signal } = attempt
  return new Promise((resolve, reject) => {
    // The step itself may never end: neither a timer nor a listener waits for it.
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    const late = (): void => {
      end()
      const error = new EzError(
        'EZ_STEP_TIMEOUT',
        `${id}: it took longer than ${limit} ms. Raise stepTimeoutMs, or see what it waits for.`,
      )
      reject(error)
      attempt.abortSteps(error)
    }
    // A longer time, such as Infinity, would overflow to one millisecond.
    const timer = limit <= longestTimeoutMs ? setTimeout(late, limit) : undefined
    const abort = (): void => {
      end()
      reject(abortError(attempt))
    }
    signal?.addEventListener('abort', abort, { once: true })
    Promise.resolve(pending).then(resolve, reject).finally(end)
    if (signal?.aborted) abort()
  })
}
