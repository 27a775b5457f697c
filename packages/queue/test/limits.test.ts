import { createClient } from '@ez/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { collectResults, createWorker, enqueueJob, openQueue, sendWith } from '../src/index.ts'
import { stores, type TestedStore } from './support/stores.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

/** The most that came in any span of time, of one account. */
function most({ seen }: Vendor, account: string, spanMs: number): number {
  const times = seen.filter((one) => one.account === account).map(({ at }) => at)
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + spanMs).length))
}

async function run(
  { start }: TestedStore,
  perSecond: number,
  rows: number,
  accounts: readonly string[],
  prepare: (vendor: Vendor) => void = () => {},
): Promise<Vendor> {
  const server = await start()
  onTestFinished(() => server.stop())
  const vendor = await startVendor()
  onTestFinished(() => vendor.close())
  prepare(vendor)
  const queue = await openQueue(server.url)
  onTestFinished(() => queue.close())
  await queue.setUp()
  for (let count = 0; count < 3; count += 1) {
    const own = await openQueue(server.url)
    onTestFinished(() => own.close())
    const client = createClient({ retry: { limit: 0 } })
    const worker = await createWorker({
      queue: own,
      trust: { key: 'example-shared-key' },
      open: (job) => sendWith(client, JSON.parse(job.definition), { repeatable: job.repeatable }),
    })
    onTestFinished(() => worker.close(1000))
  }
  const job = await enqueueJob({
    queue,
    name: 'orders',
    definition: JSON.stringify({ method: 'PUT', url: `${vendor.url}/{{account}}/{{row}}` }),
    repeatable: true,
    jobKey: 'example-shared-key',
    limit: { perSecond },
    rows: Array.from({ length: rows * accounts.length }, (_, index) => {
      const account = accounts[index % accounts.length] as string
      return { number: index + 1, key: account, data: { account, row: index + 1 } }
    }),
  })
  for await (const _ of collectResults({ queue, job: job.id })) {
  }
  return vendor
}

// A busy machine delays what the limiter has let through, so that the sends of two windows come nearer to each other:
// the exact bounds hold for a run that has the machine to itself.
const alone = process.env.EZ_QUEUE_ROWS !== undefined

describe.each(stores)('limits on $name', (store) => {
  test.runIf(store.present)('three workers keep fifty a second for each of two accounts', async () => {
    const vendor = await run(store, 50, 300, ['one', 'two'])
    for (const account of ['one', 'two']) {
      const times = vendor.seen.filter((one) => one.account === account).map(({ at }) => at)
      const used = times.length / ((Math.max(...times) - Math.min(...times)) / 1000) / 50
      console.log(
        `${store.name} ${account}: at most ${most(vendor, account, 1000)} in a second, ${Math.round(used * 100)}% used`,
      )
      // Two windows side by side would be 100.
      expect(most(vendor, account, 1000)).toBeLessThanOrEqual(alone ? 56 : 75)
      if (alone) expect(used).toBeGreaterThanOrEqual(0.9)
    }
  })

  test.runIf(store.present)('at two a second no window is used twice', async () => {
    const vendor = await run(store, 2, 24, ['one'])
    expect(most(vendor, 'one', 1000)).toBeLessThanOrEqual(alone ? 3 : 4)
    expect(most(vendor, 'one', 10_000)).toBeLessThanOrEqual(21)
  })

  test.runIf(store.present)('a limit that the server names is kept by all workers', async () => {
    const vendor = await run(store, 50, 60, ['one'], (given) => {
      given.answer = () => ({ status: 200, headers: { 'ratelimit-policy': '"default";q=20;w=2' } })
    })
    const times = vendor.seen.map(({ at }) => at).sort((left, right) => left - right)
    // The first second may still have the limit that was configured.
    const later = { ...vendor, seen: vendor.seen.filter(({ at }) => at > (times[0] as number) + 1000) }
    expect(most(later, 'one', 1000)).toBeLessThanOrEqual(alone ? 12 : 20)
  })
})
