import { aborted } from './error.ts'

/** How the client waits; given by tests. */
export interface Timers {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** Ends after so many milliseconds, or rejects with `EZ_ABORTED` as soon as the signal aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>
}

// Longer ones fire at once (HTML, timers: a signed 32-bit number of milliseconds).
const longest = 2 ** 31 - 1

/** Waits on the runtime's own timers. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  wait: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(aborted(signal))
        return
      }
      const abort = (): void => {
        clearTimeout(timer)
        reject(aborted(signal as AbortSignal))
      }
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        },
        Math.min(milliseconds, longest),
      )
      signal?.addEventListener('abort', abort, { once: true })
    }),
}
