import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@ez/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasPostgres, startPostgres } from '../../../.ci/vitest/servers/postgres.ts'
import { hasRedis, startRedis } from '../../../.ci/vitest/servers/redis.ts'
import { collectResults, createWorker, enqueueJob, openQueue, sendWith } from '../src/index.ts'
import { startVendor } from './support/vendor.ts'

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'ez-redis-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
const durable = [
  { name: 'Redis with its log', present: hasRedis, start: () => startRedis({ folder: folder() }) },
  { name: 'PostgreSQL', present: hasPostgres, start: () => startPostgres(['fsync=on']) },
] as const

describe.each(durable)('$name', ({ present, start }) => {
  test.runIf(present)('killed and started again: no row and no result is lost, none sent twice', async () => {
    const server = await start()
    onTestFinished(() => server.stop())
    const queue = await openQueue(server.url)
    onTestFinished(() => queue.close())
    await queue.setUp()
    const vendor = await startVendor()
    onTestFinished(() => vendor.close())
    vendor.delayMs = 20
    const job = await enqueueJob({
      queue,
      name: 'orders',
      definition: JSON.stringify({ method: 'POST', url: `${vendor.url}/a/{{row}}` }),
      repeatable: false,
      jobKey: 'example-shared-key',
      rows: Array.from({ length: 600 }, (_, index) => ({
        number: index + 1,
        key: 'a',
        data: { row: index + 1 },
      })),
    })
    const client = createClient({ retry: { limit: 0 } })
    const worker = await createWorker({
      queue,
      trust: { key: 'example-shared-key' },
      open: (given) => sendWith(client, JSON.parse(given.definition), { repeatable: given.repeatable }),
    })
    onTestFinished(() => worker.close(1000))
    await expect.poll(() => vendor.seen.length).toBeGreaterThan(150)
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await server.restart()
    const ends = new Map<number, string>()
    for await (const { row, end } of collectResults({ queue, job: job.id })) ends.set(row, end)
    expect(ends.size).toBe(600)
    expect(new Set(vendor.seen.map(({ row }) => row)).size).toBe(vendor.seen.length)
    // The worker lives on, with the answers that it could not store.
    expect([...ends.values()].filter((end) => end === 'in doubt').length).toBeLessThanOrEqual(16)
  })
})
