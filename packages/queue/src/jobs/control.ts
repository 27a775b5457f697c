import { EzError } from '@ez/core'
import type { Job } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import { announce } from '../worker/control.ts'
import { endCancelled } from './end-cancelled.ts'

/** A job by its id. @throws EZ_JOB_UNKNOWN */
export async function findJob({ storage }: JobQueue, id: string): Promise<Job> {
  const job = await storage.jobs.job(id)
  if (job === undefined)
    throw new EzError('EZ_JOB_UNKNOWN', `${id}: there is no such job in this store. See: ez jobs list`)
  return job
}

/** Lets no further row of a job be sent; what is under way ends. @throws EZ_JOB_UNKNOWN, EZ_USAGE */
export async function pauseJob(queue: JobQueue, id: string): Promise<Job> {
  return move(queue, id, 'paused', ['running'])
}

/** Lets a paused job go on. @throws EZ_JOB_UNKNOWN, EZ_USAGE */
export async function resumeJob(queue: JobQueue, id: string): Promise<Job> {
  const job = await move(queue, id, 'running', ['paused'])
  await announce(queue)
  return job
}

/** Ends a job: rows that were not sent end `unsent`; what is under way ends as it does. @throws EZ_JOB_UNKNOWN, EZ_USAGE */
export async function cancelJob(queue: JobQueue, id: string): Promise<Job> {
  const job = await move(queue, id, 'cancelled', ['adding', 'running', 'paused'])
  for (const { key } of await queue.storage.rows.counts(id)) await endCancelled(queue.storage, id, key)
  await announce(queue)
  return job
}

/** Deletes a job that has ended, with its rows and answers. @throws EZ_JOB_UNKNOWN, EZ_USAGE */
export async function removeJob(queue: JobQueue, id: string): Promise<Job> {
  const job = await findJob(queue, id)
  if (job.state === 'running' || job.state === 'paused')
    throw new EzError('EZ_USAGE', `Job ${id} is ${job.state}: cancel it first.`)
  await queue.storage.jobs.removeJob(id)
  return job
}

async function move(
  queue: JobQueue,
  id: string,
  state: Job['state'],
  from: readonly Job['state'][],
): Promise<Job> {
  const job = await findJob(queue, id)
  if (await queue.storage.jobs.moveJob(id, state, from)) return { ...job, state }
  const now = (await findJob(queue, id)).state
  if (now === state) return { ...job, state }
  throw new EzError('EZ_USAGE', `Job ${id} is ${now}: it cannot become ${state}.`)
}
