import { EzError, type Secret } from '@ez/core'
import { randomAlphanumeric } from '@ez/core/crypto'
import type { Job, JobDescription, JobRow } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import type { StoredRow } from '../contract/storage.ts'
import { announce } from '../worker/control.ts'
import { checkLimit, saveKey } from './keys.ts'
import { RowSeal } from './seal.ts'
import { fingerprintOf, signatureOf } from './trust.ts'

/** What {@link enqueueJob} adds. */
export interface EnqueueOptions extends Omit<JobDescription, 'variables'> {
  /** Where the job goes. */
  readonly queue: JobQueue
  /** Read as they are needed; `key` is the account whose limit a row counts for. */
  readonly rows: AsyncIterable<JobRow> | Iterable<JobRow>
  /** Names of the variables that a worker must have; asked when all rows were read. */
  readonly variables?: readonly string[] | (() => readonly string[])
  /** Signs the job, so that workers with the same key trust it. */
  readonly jobKey?: string | Secret
  /** 32 bytes in base64: the rows' data is encrypted in the store (AES-256-GCM). */
  readonly storeKey?: string | Secret
  /** Time tokens of the job's requests start from it (default: now). */
  readonly startedAt?: Date
  /** Stops the adding with `EZ_ABORTED`. */
  readonly signal?: AbortSignal
  /** Told how many rows are in the store. */
  readonly progress?: (rows: number) => void
}

const together = 1000

/**
 * Adds a job: its rows go into the store, and workers begin when all of them are there.
 *
 * A process that ends before leaves a job in the state `adding`, of which nothing is sent.
 *
 * @throws EZ_OPTION_INVALID, EZ_ABORTED
 *
 * @example
 * ```ts
 * import { enqueueJob, openQueue } from '@ez/queue'
 *
 * const queue = await openQueue('redis://127.0.0.1')
 * const job = await enqueueJob({
 *   queue,
 *   name: 'prices',
 *   definition: JSON.stringify({ method: 'PUT', url: 'https://api.example.com/prices/{{sku}}' }),
 *   repeatable: true,
 *   limit: { perSecond: 50 },
 *   rows: [{ number: 1, key: 'account-1', data: { sku: 'A-1' } }],
 *   jobKey: 'example-shared-key',
 * })
 * console.log(job.id)
 * ```
 */
export async function enqueueJob(options: EnqueueOptions): Promise<Job> {
  const { queue, name, definition, repeatable, limit = {}, rows, variables = [] } = options
  checkLimit(limit)
  const seal = options.storeKey === undefined ? undefined : new RowSeal(options.storeKey)
  const job: Job = unsigned({
    id: randomAlphanumeric(12),
    name,
    startedAt: (options.startedAt ?? new Date()).toISOString(),
    definition,
    fingerprint: fingerprintOf(definition),
    repeatable,
    variables: [],
    ...(Object.keys(limit).length > 0 && { limit }),
    state: 'adding',
    rows: 0,
  })
  const signed = { ...job, signature: signatureOf(job, options.jobKey) }
  const { jobs } = queue.storage
  await jobs.createJob(signed)
  const keys = new Set<string>()
  let count = 0
  let part: StoredRow[] = []
  const write = async (): Promise<void> => {
    await jobs.addRows(job.id, part)
    count += part.length
    part = []
    options.progress?.(count)
  }
  for await (const { number, key, data } of rows) {
    if (options.signal?.aborted)
      throw new EzError('EZ_ABORTED', `Job ${job.id}: adding its rows was stopped; nothing of it is sent.`)
    if (!keys.has(key)) {
      await saveKey(queue, key, limit)
      keys.add(key)
    }
    const text = JSON.stringify(data)
    part.push({ number, key, data: seal ? seal.seal(text, `${job.id}-${number}`) : text })
    if (part.length >= together) await write()
  }
  if (part.length > 0) await write()
  const names = typeof variables === 'function' ? variables() : variables
  await jobs.nameVariables(job.id, names)
  await jobs.moveJob(job.id, count === 0 ? 'done' : 'running', ['adding'])
  await announce(queue)
  return { ...signed, variables: names, state: count === 0 ? 'done' : 'running', rows: count }
}

const unsigned = (job: Omit<Job, 'signature'>): Job => ({ ...job, signature: '' })
