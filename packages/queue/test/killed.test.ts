import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  collectResults,
  describeJob,
  enqueueJob,
  type JobQueue,
  openQueue,
  type RowResult,
} from '../src/index.ts'
import { startWorker, type WorkerProcess } from './support/processes.ts'
import { stores, type TestedStore } from './support/stores.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

// EZ_QUEUE_ROWS=20000 is the long run, with ten kills.
const rows = Number(process.env.EZ_QUEUE_ROWS ?? 1200)
const kills = rows >= 20_000 ? 10 : 3
const together = 16
const long = 600_000

describe.each(stores)('on $name, killed on purpose', ({ present, start }) => {
  describe.runIf(present)('a real server', () => {
    let server: Awaited<ReturnType<TestedStore['start']>>
    let queue: JobQueue
    let vendor: Vendor
    const workers: WorkerProcess[] = []

    beforeAll(async () => {
      server = await start()
      queue = await openQueue(server.url)
      await queue.setUp()
      vendor = await startVendor()
    })

    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.kill()))
      vendor.seen.length = 0
      vendor.delayMs = 0
    })

    afterAll(async () => {
      vendor?.close()
      await queue?.close()
      await server?.stop()
    })

    const add = (count: number, method: 'POST' | 'PUT') =>
      enqueueJob({
        queue,
        name: 'orders',
        definition: JSON.stringify({ method, url: `${vendor.url}/account-1/{{row}}` }),
        repeatable: method === 'PUT',
        jobKey: 'example-shared-key',
        rows: Array.from({ length: count }, (_, index) => ({
          number: index + 1,
          key: `account-${index % 3}`,
          data: { row: index + 1 },
        })),
      })
    const run = async (blockMs = 0): Promise<WorkerProcess> => {
      const worker = await startWorker(server.url, blockMs)
      workers.push(worker)
      return worker
    }
    const collect = async (job: string): Promise<RowResult[]> => {
      const results: RowResult[] = []
      for await (const result of collectResults({ queue, job })) results.push(result)
      return results
    }
    /** Each row ends once, the counts add up, and what was sent twice had the right to. */
    const check = async (id: string, results: readonly RowResult[], count: number, mostInDoubt: number) => {
      expect(new Set(results.map(({ row }) => row)).size).toBe(count)
      expect(results.length).toBe(count)
      const { answered, unsent, inDoubt, waiting } = await describeJob(queue, id)
      expect(answered + unsent + inDoubt).toBe(count)
      expect(waiting).toBe(0)
      expect(inDoubt).toBeLessThanOrEqual(mostInDoubt)
      const seen = new Set(vendor.seen.map(({ row }) => row))
      for (const { row, end } of results) if (end === 'answered') expect(seen.has(row)).toBe(true)
      return { seen, answered, unsent, inDoubt }
    }
    const ended = async (id: string, share: number): Promise<void> =>
      expect
        .poll(async () => (await describeJob(queue, id)).waiting, { timeout: long })
        .toBeLessThan(rows * (1 - share))

    test(
      'workers: each row ends once, and none is sent twice without the right to',
      async () => {
        vendor.delayMs = 20
        const job = await add(rows, 'POST')
        for (let count = 0; count < 3; count += 1) await run()
        for (let count = 1; count <= kills; count += 1) {
          await ended(job.id, count / (kills + 2))
          await workers.shift()?.kill()
          await run()
        }
        const { seen, inDoubt } = await check(job.id, await collect(job.id), rows, kills * together)
        expect(vendor.seen.length).toBe(seen.size)
        console.log(`${kills} kills over ${rows} rows: ${inDoubt} in doubt, none sent twice`)
      },
      long,
    )

    test(
      'workers, of rows that may be sent again: nothing is in doubt',
      async () => {
        vendor.delayMs = 20
        const job = await add(rows, 'PUT')
        await run()
        await run()
        await ended(job.id, 0.3)
        await workers.shift()?.kill()
        const { inDoubt, answered } = await check(job.id, await collect(job.id), rows, 0)
        expect({ inDoubt, answered }).toEqual({ inDoubt: 0, answered: rows })
      },
      long,
    )

    test(
      'a worker that is asked to end leaves nothing in doubt',
      async () => {
        vendor.delayMs = 50
        const job = await add(300, 'POST')
        const worker = await run()
        await expect.poll(() => vendor.seen.length).toBeGreaterThan(50)
        expect(await worker.end()).toBe(0)
        const before = await describeJob(queue, job.id)
        expect(before.answered).toBe(vendor.seen.length)
        await run()
        await check(job.id, await collect(job.id), 300, 0)
        expect(vendor.seen.length).toBe(300)
      },
      long,
    )

    test(
      'a worker whose event loop is blocked: its answers end the doubt, or are told as doubt',
      async () => {
        vendor.delayMs = 300
        const job = await add(400, 'POST')
        const blocked = await run(rows >= 20_000 ? 40_000 : 14_000)
        await blocked.said('blocked')
        await run()
        await blocked.said('awake')
        const { seen } = await check(job.id, await collect(job.id), 400, together)
        expect(vendor.seen.length).toBe(seen.size)
      },
      long,
    )

    test('the collecting command: what is collected again is the same', async () => {
      await run()
      const job = await add(300, 'POST')
      const first: RowResult[] = []
      for await (const result of collectResults({ queue, job: job.id })) {
        first.push(result)
        if (first.length === 100) break
      }
      const all = await collect(job.id)
      expect(all.length).toBe(300)
      expect(all.slice(0, 100)).toEqual(first)
    })
  })
})
