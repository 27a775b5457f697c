import { createHash } from 'node:crypto'
import { EzError } from '@ez/core'
import type { JobLimit } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'

/** Accounts that a store takes at the same time: each has a queue, and each worker a connection for it. */
export const mostKeys = 200

/** The name of an account's queue; the account itself may hold anything. */
export function queueName(key: string): string {
  return `ez-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`
}

/** Checks a limit. @throws EZ_OPTION_INVALID */
export function checkLimit({ perSecond, concurrency }: JobLimit): void {
  if (perSecond !== undefined && !(perSecond > 0 && perSecond <= 100_000))
    throw new EzError('EZ_OPTION_INVALID', 'rateLimit: perSecond must be more than 0, and 100,000 at most.')
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
    throw new EzError('EZ_OPTION_INVALID', 'rateLimit: concurrency must be a whole number of at least 1.')
}

/** Makes a new account known, in the place of one without rows where there are too many. @throws EZ_OPTION_INVALID */
export async function saveKey({ storage }: JobQueue, key: string, limit: JobLimit): Promise<void> {
  const known = await storage.jobs.keys()
  if (!known.some((one) => one.key === key) && known.length >= mostKeys) {
    const open = new Set((await storage.rows.openLanes()).map((lane) => lane.key))
    const idle = known.find((one) => !open.has(one.key))
    if (idle === undefined)
      throw new EzError(
        'EZ_OPTION_INVALID',
        `rateLimit: a store takes ${mostKeys} keys with waiting rows at the same time, and this job has more. Group accounts under one key, add the rows in several jobs, or use another store.`,
      )
    await storage.jobs.removeKey(idle.key)
  }
  await storage.jobs.saveKey(key, limit)
}
