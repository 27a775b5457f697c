import { once } from 'node:events'
import { jobKeyOf, loadQueue, queueAddress, storeKeyOf } from '../queue/load-queue.ts'
import { jobOpener } from '../queue/open-job.ts'
import { sharedTokens } from '../queue/shared-tokens.ts'
import { WorkerLog } from '../queue/worker-log.ts'
import { type TransportFlags, transportOptions } from '../send/transport.ts'
import type { CommonFlags } from '../session.ts'

/** The flags of `ez worker`. */
export interface WorkerFlags extends CommonFlags, TransportFlags {
  readonly queue?: string
  readonly concurrency: number
  readonly timeout: number
  readonly retries: number
  readonly trust?: readonly string[]
  /** Seconds. */
  readonly grace: number
}

/** `ez worker`: sends rows of any job, until it is told to end. */
export async function worker(flags: WorkerFlags): Promise<void> {
  const address = queueAddress(flags.queue)
  const found = await loadQueue()
  const queue = await found.openQueue(address)
  const storeKey = storeKeyOf()
  const jobKey = jobKeyOf()
  const log = new WorkerLog(flags.json === true)
  try {
    const running = await found.createWorker({
      queue,
      concurrency: flags.concurrency,
      retries: flags.retries,
      trust: { fingerprints: flags.trust ?? [], ...(jobKey !== undefined && { key: jobKey }) },
      open: jobOpener(found, {
        flags,
        transport: await transportOptions(flags),
        timeoutMs: flags.timeout,
        ...(storeKey !== undefined && { store: () => sharedTokens(queue, storeKey) }),
      }),
      ...(storeKey !== undefined && { storeKey }),
      events: log,
    })
    log.started(running.id)
    // The second signal ends it at once.
    const [signal] = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
    process.once('SIGTERM', () => process.exit(130)).once('SIGINT', () => process.exit(130))
    log.stopping(running.active(), flags.grace)
    await running.close(flags.grace * 1000)
    log.stopped(String(signal))
  } finally {
    log.close()
    await queue.close()
  }
}
