import { createClient } from '@ez/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  cancelJob,
  collectResults,
  createWorker,
  describeJob,
  enqueueJob,
  type JobQueue,
  openQueue,
  pauseJob,
  type QueueWorker,
  resumeJob,
  sendWith,
} from '../src/index.ts'
import { stores } from './support/stores.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

const jobKey = 'example-shared-key'

describe.each(stores)('on $name', ({ present, start }) => {
  describe.runIf(present)('a real server', () => {
    let server: Awaited<ReturnType<typeof start>>
    let queue: JobQueue
    let vendor: Vendor
    const workers: QueueWorker[] = []

    beforeAll(async () => {
      server = await start()
      queue = await openQueue(server.url)
      await queue.setUp()
      vendor = await startVendor()
    })

    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.close(1000)))
      vendor.seen.length = 0
      vendor.answer = () => undefined
      vendor.delayMs = 0
    })

    afterAll(async () => {
      vendor?.close()
      await queue?.close()
      await server?.stop()
    })

    const work = async (): Promise<QueueWorker> => {
      const client = createClient({ retry: { limit: 0 } })
      const worker = await createWorker({
        queue,
        trust: { key: jobKey },
        open: (job) => sendWith(client, JSON.parse(job.definition), { repeatable: job.repeatable }),
      })
      workers.push(worker)
      return worker
    }

    const add = (count: number, options: Partial<Parameters<typeof enqueueJob>[0]> = {}) =>
      enqueueJob({
        queue,
        name: 'orders',
        definition: JSON.stringify({ method: 'POST', url: `${vendor.url}/{{account}}/{{row}}` }),
        repeatable: false,
        jobKey,
        rows: Array.from({ length: count }, (_, index) => ({
          number: index + 1,
          key: 'account-1',
          data: { account: 'account-1', row: index + 1 },
        })),
        ...options,
      })

    const collect = async (id: string) => {
      const results = []
      for await (const result of collectResults({ queue, job: id })) results.push(result)
      return results
    }

    test('every row is sent once and its answer collected', async () => {
      await work()
      const job = await add(500)
      const results = await collect(job.id)
      expect(results.map(({ row }) => row).sort((left, right) => left - right)).toEqual(
        Array.from({ length: 500 }, (_, index) => index + 1),
      )
      expect(results.every(({ end, result }) => end === 'answered' && result.status === 200)).toBe(true)
      expect(vendor.seen.length).toBe(500)
      await expect.poll(async () => (await describeJob(queue, job.id)).job.state).toBe('done')
    })

    test('rows of a paused job stay, and those of a cancelled one end unsent', async () => {
      await work()
      vendor.delayMs = 20
      const job = await add(400, { limit: { perSecond: 100 } })
      await expect.poll(() => vendor.seen.length).toBeGreaterThan(20)
      await pauseJob(queue, job.id)
      await expect.poll(async () => (await describeJob(queue, job.id)).answered).toBe(vendor.seen.length)
      const sent = vendor.seen.length
      expect((await describeJob(queue, job.id)).keys[0]?.why).toBe('the job is paused')
      await resumeJob(queue, job.id)
      await expect.poll(() => vendor.seen.length).toBeGreaterThan(sent + 20)
      await cancelJob(queue, job.id)
      const results = await collect(job.id)
      const answered = results.filter(({ end }) => end === 'answered').length
      expect(answered).toBe(vendor.seen.length)
      expect(results.filter(({ end }) => end === 'unsent').length).toBe(400 - answered)
      expect(new Set(vendor.seen.map(({ row }) => row)).size).toBe(vendor.seen.length)
    })

    test('one 429 holds back all rows of the account and no other account', async () => {
      await work()
      await work()
      let refusedAt = 0
      vendor.answer = ({ account }) => {
        if (account !== 'slow' || refusedAt > 0) return undefined
        refusedAt = Date.now()
        return { status: 429, headers: { 'retry-after': '5' } }
      }
      const rows = ['slow', 'fast'].flatMap((account, at) =>
        Array.from({ length: 50 }, (_, index) => ({
          number: at * 50 + index + 1,
          key: account,
          data: { account, row: at * 50 + index + 1 },
        })),
      )
      const job = await add(0, { rows, limit: { perSecond: 40 } })
      const results = await collect(job.id)
      expect(results.every(({ end, result }) => end === 'answered' && result.status === 200)).toBe(true)
      const within = (account: string, fromMs: number): number =>
        vendor.seen.filter(
          ({ account: of, at }) => of === account && at > refusedAt + fromMs && at < refusedAt + 4900,
        ).length
      // What was on its way when the server refused may still come, on a busy machine late.
      expect(within('slow', 2500)).toBe(0)
      expect(within('fast', 0)).toBeGreaterThan(0)
    })
  })
})
