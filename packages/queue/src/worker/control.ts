import type { JobQueue } from '../contract/job-queue.ts'

/** The queue by which workers learn that there is something new. */
export const controlQueue = 'ez-control'

/** Work on the control queue has no rows. */
export const nothing = { job: '', rows: [] } as const

/** Has waiting rows given to the queues at once, and lets all workers look at what is new. */
export async function announce({ engine }: JobQueue): Promise<void> {
  await engine.queue(controlQueue).add('feed', nothing, { jobId: 'feed-now' })
}

/** Has rows given to the queues every second, by one worker at a time; said again from time to time, should the queue be lost. */
export async function keepFeeding({ engine }: JobQueue): Promise<void> {
  const queue = engine.queue(controlQueue)
  await queue.setGlobalConcurrency(1)
  await queue.upsertJobScheduler('feed-every-second', { every: 1000 }, { name: 'feed', data: nothing })
}
