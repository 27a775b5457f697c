import { EzError } from '@ez/core'
import { randomAlphanumeric } from '@ez/core/crypto'
import type { ListedTokenStore } from './token-store.ts'

/** What this store asks of a `Pool` of the `pg` package. */
export interface PostgresClient {
  /** Runs a statement with `$1` parameters. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
}

/** Options of {@link postgresStore}. */
export interface PostgresStoreOptions {
  /** Name of the table, which may have a schema before it (default `ez_token`); made when it is missing. */
  readonly table?: string
}

/**
 * A store in a table of PostgreSQL, with its lock: a line beside the entry that ends by itself when its holder is killed.
 *
 * Times are the server's, so that machines whose clocks differ agree on them.
 *
 * @throws EZ_OPTION_INVALID when the table's name is none
 *
 * @example
 * ```ts
 * import { postgresStore } from '@ez/oauth2/postgres'
 * import { Pool } from 'pg'
 *
 * const store = await postgresStore(new Pool({ connectionString: 'postgres://ez@127.0.0.1/jobs' }))
 * ```
 */
export async function postgresStore(
  client: PostgresClient,
  { table = 'ez_token' }: PostgresStoreOptions = {},
): Promise<ListedTokenStore> {
  if (!/^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?$/.test(table))
    throw new EzError(
      'EZ_OPTION_INVALID',
      'postgresStore: option table must be a name of small letters, digits and _, with a schema before it or not.',
    )
  const live = '(until is null or until > clock_timestamp())'
  const end = `case when $3::double precision is null then null else clock_timestamp() + $3 * interval '1 millisecond' end`
  // Two that make it at the same time would both find it missing.
  await client.query(
    `do $$ begin perform pg_advisory_xact_lock(hashtext('${table}')); create table if not exists ${table} (key text primary key, value text not null, until timestamptz); end $$`,
  )
  return {
    async get(key) {
      const { rows } = await client.query(`select value from ${table} where key = $1 and ${live}`, [key])
      return rows[0]?.value as string | undefined
    },
    async set(key, value, ttlMs) {
      await client.query(
        `insert into ${table} (key, value, until) values ($1, $2, ${end})
         on conflict (key) do update set value = excluded.value, until = excluded.until`,
        [key, value, ttlMs ?? null],
      )
    },
    async delete(key) {
      await client.query(`delete from ${table} where key = $1`, [key])
    },
    async keys() {
      const { rows } = await client.query(
        `select key from ${table} where ${live} and key not like '%:lock' order by key`,
      )
      return rows.map((row) => row.key as string)
    },
    async lock(key, ttlMs) {
      const name = `${key}:lock`
      const token = randomAlphanumeric(32)
      // Only a lock whose time is up is taken over.
      const { rows } = await client.query(
        `insert into ${table} as held (key, value, until) values ($1, $2, ${end})
         on conflict (key) do update set value = excluded.value, until = excluded.until
         where held.until <= clock_timestamp() returning key`,
        [name, token, ttlMs],
      )
      if (rows.length === 0) return undefined
      return async () => {
        await client.query(`delete from ${table} where key = $1 and value = $2`, [name, token])
      }
    },
  }
}
