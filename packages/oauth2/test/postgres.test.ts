import { type PostgresClient, postgresStore } from '@ez/oauth2/postgres'
import { sealedStore } from '@ez/oauth2/sealed'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPostgres, startPostgres } from '../../../.ci/vitest/servers/postgres.ts'

describe.runIf(hasPostgres)('a real PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>
  let pool: Pool

  beforeAll(async () => {
    server = await startPostgres()
    pool = new Pool({ connectionString: server.url })
    // The server's end is met by connections that nobody uses.
    pool.on('error', () => {})
  })

  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

  test('an entry comes back until its time is up, or it is deleted', async () => {
    const store = await postgresStore(pool as PostgresClient)
    await store.set('a', 'one')
    await store.set('a', 'two')
    expect(await store.get('a')).toBe('two')
    await store.set('b', 'short', 50)
    expect(await store.keys()).toEqual(['a', 'b'])
    await wait(120)
    expect(await store.get('b')).toBeUndefined()
    await store.delete('a')
    expect(await store.keys()).toEqual([])
  })

  test('of many that want the lock at the same time, one has it', async () => {
    const stores = await Promise.all(Array.from({ length: 20 }, () => postgresStore(pool as PostgresClient)))
    const locks = await Promise.all(stores.map((store) => store.lock?.('entry', 5000)))
    const held = locks.filter((lock) => lock !== undefined)
    expect(held.length).toBe(1)
    await held[0]?.()
    expect(await stores[0]?.lock?.('entry', 5000)).toBeDefined()
  })

  test('the lock of a process that was killed ends by itself, and its release takes nobody else’s', async () => {
    const store = await postgresStore(pool as PostgresClient)
    const late = await store.lock?.('killed', 50)
    await wait(120)
    const next = await store.lock?.('killed', 5000)
    expect(next).toBeDefined()
    await late?.()
    expect(await store.lock?.('killed', 5000)).toBeUndefined()
  })

  test('sealed, no value stands in the table in clear, and none can be moved to another entry', async () => {
    const raw = await postgresStore(pool as PostgresClient, { table: 'public.sealed_token' })
    const store = sealedStore(raw, Buffer.alloc(32, 7).toString('base64'))
    await store.set('tenant-1', 'example-token')
    expect(await store.get('tenant-1')).toBe('example-token')
    const { rows } = await pool.query('select * from public.sealed_token')
    expect(JSON.stringify(rows)).not.toContain('example-token')
    await raw.set('tenant-2', (await raw.get('tenant-1')) as string)
    await expect(store.get('tenant-2')).rejects.toThrow('SEALED_FOR_ANOTHER_PLACE')
  })

  test('a table whose name is none is refused', async () => {
    await expect(postgresStore(pool as PostgresClient, { table: 'x; drop table y' })).rejects.toThrow('table')
  })
})
