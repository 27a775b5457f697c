import { EzError } from '@ez/core'
import type { JobQueue } from '@ez/queue'
import { collectJob } from '../queue/collect-job.ts'
import { loadQueue, type QueuePackage, queueAddress } from '../queue/load-queue.ts'
import { jobLines, jobsTable } from '../queue/show-job.ts'

/** The flags of `ez jobs`. */
export interface JobsFlags {
  readonly queue?: string
  readonly out?: string
  readonly wait?: boolean
  readonly takeOver?: boolean
  readonly json?: boolean
}

/** What `ez jobs` can do. */
export const jobActions = ['list', 'show', 'pause', 'resume', 'cancel', 'results', 'remove', 'setup'] as const

type Action = (typeof jobActions)[number]

/** `ez jobs`: what stands on a queue, and what is to become of it. */
export async function jobs(action: Action, id: string | undefined, flags: JobsFlags): Promise<void> {
  const address = queueAddress(flags.queue)
  if (id === undefined && action !== 'list' && action !== 'setup')
    throw new EzError('EZ_USAGE', `ez jobs ${action} needs the id of a job. See: ez jobs list`)
  const found = await loadQueue()
  const queue = await found.openQueue(address)
  try {
    if (action === 'setup') {
      await queue.setUp()
      print(flags, { ready: true }, 'The store is ready.\n')
      return
    }
    await queue.storage.check()
    if (action === 'list') await list(queue, flags)
    else await one(found, queue, action, id as string, flags)
  } finally {
    await queue.close()
  }
}

async function list(queue: JobQueue, flags: JobsFlags): Promise<void> {
  const all = await queue.storage.jobs.jobs()
  print(
    flags,
    all.map(({ definition: _, ...job }) => job),
    all.length === 0 ? 'There are no jobs.\n' : jobsTable(all),
  )
}

async function one(
  found: QueuePackage,
  queue: JobQueue,
  action: Exclude<Action, 'list' | 'setup'>,
  id: string,
  flags: JobsFlags,
): Promise<void> {
  if (action === 'results') {
    if (flags.out === undefined)
      throw new EzError('EZ_USAGE', 'ez jobs results needs the file of the results. Name it with --out.')
    const good = await collectJob(found, queue, id, {
      out: flags.out,
      takeOver: flags.takeOver === true,
      wait: flags.wait === true,
      signal: new AbortController().signal,
    })
    const status = await found.describeJob(queue, id)
    print(flags, status, jobLines(status))
    process.exitCode = good ? 0 : 1
    return
  }
  if (action === 'remove') {
    await found.removeJob(queue, id)
    print(flags, { removed: id }, `Job ${id} and its results are deleted.\n`)
    return
  }
  if (action === 'pause') await found.pauseJob(queue, id)
  if (action === 'resume') await found.resumeJob(queue, id)
  if (action === 'cancel') await found.cancelJob(queue, id)
  const status = await found.describeJob(queue, id)
  print(flags, status, jobLines(status))
}

function print({ json }: JobsFlags, value: unknown, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text)
}
