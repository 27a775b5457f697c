import type { Failure, FromWorker, Job } from './protocol.ts'
import type { SandboxWorker } from './workers.ts'

// An engine in a native loop does not see its deadline; then the thread is ended from outside.
const graceMs = 250

/**
 * Runs a job in a worker until a message ends it, and the host stays awake; why it did not end by itself, if it did not.
 *
 * @param heard serves a message; tells whether the run is over
 * @throws the reason of the signal
 */
export function runInWorker(
  worker: SandboxWorker,
  job: Job,
  signal: AbortSignal,
  heard: (message: FromWorker) => boolean,
): Promise<Failure | undefined> {
  return new Promise((resolve, reject) => {
    const end = (finish: () => void): void => {
      clearTimeout(watchdog)
      signal.removeEventListener('abort', aborted)
      finish()
    }
    const aborted = (): void => end(() => reject(signal.reason))
    const fail = (failure: Failure): void => end(() => resolve(failure))
    const watchdog = setTimeout(() => fail({ kind: 'timeout', message: '' }), job.timeoutMs + graceMs)
    signal.addEventListener('abort', aborted)
    worker.listener = {
      message: (message) => {
        if (heard(message)) end(() => resolve(undefined))
      },
      ended: (cause) => fail({ kind: 'broken', message: cause }),
    }
    worker.send(job)
  })
}
