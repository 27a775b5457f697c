import type { Pool, PoolClient } from 'pg'

/** Does all of it or nothing. */
export async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
    client.release()
  } catch (error) {
    // Closed, and with it the transaction.
    client.release(true)
    throw error
  }
}
