import { aborted } from './error.ts'

/**
 * Waits, but not past an abort, even for something that knows no signal.
 *
 * @throws EZ_ABORTED
 */
export function unlessAborted<Result>(
  pending: Result | PromiseLike<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return Promise.resolve(pending)
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(aborted(signal))
    signal.addEventListener('abort', abort, { once: true })
    Promise.resolve(pending)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
    if (signal.aborted) abort()
  })
}
