import { EzError } from '@ez/core'
import type { Pool } from 'pg'
import { inTransaction } from './pool.ts'
import { schemaVersion, tables } from './schema.ts'

/** Makes the tables; those that are there stay. */
export function makeTables(pool: Pool): Promise<void> {
  return inTransaction(pool, async (client) => {
    // Two set-ups at the same time would both see no tables.
    await client.query(`select pg_advisory_xact_lock(hashtext('ez'))`)
    await client.query(tables)
  })
}

/** @throws EZ_QUEUE_UNREACHABLE when the tables are not there, or of another version */
export async function checkTables(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ found: string | null }>(
    `select to_regclass('ez.version')::text as found`,
  )
  if (rows[0]?.found == null) throw notSetUp('there are no tables of ez in this database')
  const version = await pool.query<{ number: number }>('select number from ez.version')
  const found = version.rows[0]?.number
  if (found !== schemaVersion)
    throw notSetUp(`its tables are of version ${found}, and this program wants ${schemaVersion}`)
}

const notSetUp = (what: string): EzError =>
  new EzError(
    'EZ_QUEUE_UNREACHABLE',
    `The store of the queue was not set up for this program: ${what}. Run once, with the right to make tables: ez jobs setup`,
  )
