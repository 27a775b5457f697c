import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job, JobQueue } from '../src/index.ts'
import { openQueue } from '../src/index.ts'
import { stores } from './support/stores.ts'

// One suite for both stores: what the one does, the other does too.
describe.each(stores)('the storage on $name', ({ present, start }) => {
  describe.runIf(present)('a real server', () => {
    let server: Awaited<ReturnType<typeof start>>
    let queue: JobQueue
    let count = 0

    beforeAll(async () => {
      server = await start()
      queue = await openQueue(server.url)
      await queue.setUp()
    })

    afterAll(async () => {
      await queue?.close()
      await server?.stop()
    })

    /** A running job with rows of two accounts in turn. */
    const job = async (rows: number, state: Job['state'] = 'running'): Promise<string> => {
      count += 1
      const id = `job${count}`
      await queue.storage.jobs.createJob({
        id,
        name: 'orders',
        startedAt: new Date(1_000_000_000_000 + count).toISOString(),
        definition: '{}',
        fingerprint: 'f',
        signature: 's',
        repeatable: false,
        variables: ['host'],
        limit: { perSecond: 2.5 },
        state: 'adding',
        rows: 0,
      })
      const all = Array.from({ length: rows }, (_, index) => ({
        number: index + 1,
        key: index % 2 === 0 ? 'odd' : 'even',
        data: JSON.stringify({ n: index + 1, text: 'ü"\\\n' }),
      }))
      await queue.storage.jobs.addRows(id, all.slice(0, 3))
      await queue.storage.jobs.addRows(id, all.slice(3))
      if (state !== 'adding') await queue.storage.jobs.moveJob(id, 'running', ['adding'])
      if (state !== 'running') await queue.storage.jobs.moveJob(id, state, ['running'])
      return id
    }
    const begin = (worker: string, id: string, row: number, repeatable = false) =>
      queue.storage.rows.begin(worker, [{ job: id, row, repeatable }]).then(([begun]) => begun)
    const finish = (
      id: string,
      row: number,
      end: 'answered' | 'unsent' | 'in doubt' = 'answered',
      result = '{}',
    ) => queue.storage.rows.finish('w', [{ job: id, row, end, result }])

    test('a job comes back as it was added, with its rows counted', async () => {
      const id = await job(5)
      expect(await queue.storage.jobs.job(id)).toMatchObject({
        id,
        name: 'orders',
        definition: '{}',
        repeatable: false,
        variables: ['host'],
        limit: { perSecond: 2.5 },
        state: 'running',
        rows: 5,
      })
      await queue.storage.jobs.nameVariables(id, ['host', 'token'])
      expect((await queue.storage.jobs.jobs())[0]).toMatchObject({ id, variables: ['host', 'token'] })
      expect(await queue.storage.jobs.job('nobody')).toBeUndefined()
    })

    test('a state changes only from the states that are named', async () => {
      const id = await job(1)
      expect(await queue.storage.jobs.moveJob(id, 'running', ['paused'])).toBe(false)
      expect(await queue.storage.jobs.moveJob(id, 'paused', ['running'])).toBe(true)
    })

    test('a lane gives its rows in order, without those that have ended', async () => {
      const id = await job(10)
      await begin('w', id, 3)
      await finish(id, 3)
      const { rows, position } = await queue.storage.rows.laneRows(id, 'odd', 0, 3)
      expect(rows).toEqual([1, 5, 7])
      const next = await queue.storage.rows.laneRows(id, 'odd', position, 3)
      expect(next.rows).toEqual([9])
      expect((await queue.storage.rows.laneRows(id, 'odd', next.position, 3)).rows).toEqual([])
      await queue.storage.rows.fed(id, 'odd', 3)
      const lanes = (await queue.storage.rows.openLanes()).filter((lane) => lane.job === id)
      expect(lanes).toEqual([
        { job: id, key: 'odd', state: 'running', rows: 5, fed: 3, ended: 1 },
        { job: id, key: 'even', state: 'running', rows: 5, fed: 0, ended: 0 },
      ])
    })

    test('a row is begun by one worker, while that one is alive', async () => {
      const id = await job(3)
      await queue.storage.rows.beat('alive')
      expect(await begin('alive', id, 1)).toMatchObject({ may: 'send', attempts: 0 })
      expect(await begin('other', id, 1)).toMatchObject({ may: 'wait' })
      expect(await begin('other', id, 1, true)).toMatchObject({ may: 'wait' })
      // Its own, asked for again because the answer was lost.
      expect(await begin('alive', id, 1)).toMatchObject({ may: 'send' })
    })

    test('the row of a worker that is gone is in doubt, unless it may be sent again', async () => {
      const id = await job(3)
      await queue.storage.rows.beat('gone')
      await begin('gone', id, 1)
      await begin('gone', id, 2)
      await queue.storage.rows.leave('gone')
      expect(await begin('other', id, 1)).toMatchObject({ may: 'doubt' })
      expect(await begin('other', id, 2, true)).toMatchObject({ may: 'send' })
    })

    test('the data of a row is given as it was added, to who may send it', async () => {
      const id = await job(3)
      const begun = await begin('w', id, 2)
      expect(begun?.may === 'send' && JSON.parse(begun.data)).toEqual({ n: 2, text: 'ü"\\\n' })
    })

    test('nothing of a job that does not run is begun', async () => {
      for (const state of ['paused', 'cancelled', 'adding'] as const)
        expect(await begin('w', await job(3, state), 1)).toMatchObject({ may: 'drop' })
      expect(await begin('w', 'nobody', 1)).toMatchObject({ may: 'drop' })
      expect(await begin('w', await job(3), 99)).toMatchObject({ may: 'drop' })
    })

    test('a row that was taken back counts its attempts, and is begun by anybody', async () => {
      const id = await job(3)
      await queue.storage.rows.beat('w')
      await begin('w', id, 1)
      await queue.storage.rows.release('other', [{ job: id, row: 1, again: true }])
      expect(await begin('x', id, 1)).toMatchObject({ may: 'wait' })
      await queue.storage.rows.release('w', [{ job: id, row: 1, again: true }])
      expect(await begin('x', id, 1)).toMatchObject({ may: 'send', attempts: 1 })
    })

    test('the first end counts, and a late answer ends the doubt', async () => {
      const id = await job(4)
      await finish(id, 1, 'answered', '{"first":true}')
      await finish(id, 1, 'unsent', '{"first":false}')
      await finish(id, 2, 'in doubt')
      await finish(id, 3, 'in doubt')
      await finish(id, 3, 'answered', '{"late":true}')
      await finish(id, 3, 'in doubt')
      await finish(id, 4, 'unsent')
      expect(await begin('w', id, 1)).toMatchObject({ may: 'skip' })
      expect(await queue.storage.rows.counts(id)).toEqual([
        expect.objectContaining({ key: 'odd', rows: 2, answered: 2, unsent: 0, inDoubt: 0 }),
        expect.objectContaining({ key: 'even', rows: 2, answered: 0, unsent: 1, inDoubt: 1 }),
      ])
      const entries = await queue.storage.rows.endedRows(id, '', 100)
      expect(entries.map(({ row, end }) => `${row} ${end}`)).toEqual([
        '1 answered',
        '2 in doubt',
        '3 in doubt',
        '3 answered',
        '4 unsent',
      ])
      const rest = await queue.storage.rows.endedRows(id, entries[2]?.cursor ?? '', 100)
      expect(rest.map(({ row, result }) => [row, result])).toEqual([
        [3, '{"late":true}'],
        [4, '{}'],
      ])
      await queue.storage.rows.endJobs()
      expect((await queue.storage.jobs.job(id))?.state).toBe('done')
    })

    test('an account keeps what was learned when its limit changes', async () => {
      await queue.storage.jobs.saveKey('a b:c', { perSecond: 50, concurrency: 4 })
      await queue.storage.jobs.learn('a b:c', 12.5)
      await queue.storage.jobs.hold('a b:c', 1_900_000_000_000, 'why')
      await queue.storage.jobs.saveKey('a b:c', { perSecond: 20 })
      expect((await queue.storage.jobs.keys()).find(({ key }) => key === 'a b:c')).toEqual({
        key: 'a b:c',
        perSecond: 20,
        learned: 12.5,
        heldUntil: 1_900_000_000_000,
        heldFor: 'why',
      })
      await queue.storage.jobs.removeKey('a b:c')
      expect((await queue.storage.jobs.keys()).some(({ key }) => key === 'a b:c')).toBe(false)
    })

    test('a job that was removed leaves nothing', async () => {
      const id = await job(5)
      await finish(id, 1)
      await queue.storage.jobs.removeJob(id)
      expect(await queue.storage.jobs.job(id)).toBeUndefined()
      expect(await queue.storage.rows.endedRows(id, '', 10)).toEqual([])
      expect((await queue.storage.rows.openLanes()).some((lane) => lane.job === id)).toBe(false)
    })
  })
})
