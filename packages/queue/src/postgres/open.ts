import { Pool } from 'pg'
import type { JobQueue } from '../contract/job-queue.ts'
import { createPostgresEngine } from '../engine/postgres-engine.ts'
import { PostgresJobs } from './jobs.ts'
import { PostgresRows } from './rows.ts'
import { checkTables, makeTables } from './set-up.ts'

/** Opens a PostgreSQL. @throws what the connection says */
export async function openPostgres(address: string): Promise<JobQueue> {
  const common = { connectionString: address, connectionTimeoutMillis: 10_000, keepAlive: true }
  const pool = new Pool({ ...common, max: 4, application_name: 'ez' })
  const enginePool = new Pool({
    ...common,
    max: 4,
    application_name: 'ez queue',
    options: '-c search_path=bullmq',
  })
  // A connection that breaks while nobody uses it; who needs one makes a new one.
  for (const one of [pool, enginePool]) one.on('error', () => {})
  try {
    await pool.query('select 1')
  } catch (error) {
    await Promise.allSettled([pool.end(), enginePool.end()])
    throw error
  }
  const engine = createPostgresEngine(enginePool)
  return {
    engine,
    connection: { kind: 'postgres', pool },
    storage: {
      jobs: new PostgresJobs(pool),
      rows: new PostgresRows(pool),
      check: () => checkTables(pool),
    },
    async setUp() {
      await engine.setUp()
      await makeTables(pool)
    },
    async close() {
      await Promise.allSettled([engine.close(), pool.end()])
    },
  }
}
