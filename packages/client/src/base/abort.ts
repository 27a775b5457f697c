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

// Node 20 keeps the parts of a joined signal no longer than somebody else does: a time-out would never come.
const parts: WeakMap<AbortSignal, readonly AbortSignal[]> = new WeakMap()

/**
 * A signal that aborts as soon as one of these does.
 *
 * Its listeners are its own: runtimes warn of many at one signal, and many sends may share theirs.
 */
export function joinedSignal(signals: readonly AbortSignal[]): AbortSignal {
  const joined = AbortSignal.any([...signals])
  parts.set(joined, signals)
  return joined
}
