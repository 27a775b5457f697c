import { EzError } from '@ez/core'
import type { Pool } from 'pg'
import type { Job, JobLimit, JobState } from '../contract/job.ts'
import type { JobStore, LimitKey, StoredRow } from '../contract/storage.ts'
import { inTransaction } from './pool.ts'
import { insertRows } from './statements.ts'
import { jobOf, keyOf, type StoredJob, type StoredKey } from './values.ts'

/** Jobs and accounts in tables. */
export class PostgresJobs implements JobStore {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async createJob(job: Job): Promise<void> {
    await this.#pool.query(
      `insert into ez.job (id, name, started_at, definition, fingerprint, signature, repeatable, variables, per_second, concurrency, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        job.id,
        job.name,
        job.startedAt,
        job.definition,
        job.fingerprint,
        job.signature,
        job.repeatable,
        job.variables,
        job.limit?.perSecond,
        job.limit?.concurrency,
        job.state,
      ],
    )
  }

  async addRows(id: string, rows: readonly StoredRow[]): Promise<void> {
    const counts = new Map<string, number>()
    for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1)
    await inTransaction(this.#pool, async (client) => {
      const found = await client.query<{ number: number }>(
        'select number from ez.job where id = $1 for update',
        [id],
      )
      const job = found.rows[0]?.number
      if (job === undefined) throw new EzError('EZ_JOB_UNKNOWN', `${id}: there is no such job.`)
      const lanes = await client.query<{ number: number; key: string; rows: number }>(
        `insert into ez.lane as l (job, number, key, rows)
         select $1, (select count(*) from ez.lane where job = $1) + g.n, g.key, g.rows
         from unnest($2::text[], $3::int[]) with ordinality as g (key, rows, n)
         on conflict (job, key) do update set rows = l.rows + excluded.rows
         returning number, key, rows`,
        [job, [...counts.keys()], [...counts.values()]],
      )
      const next = new Map(
        lanes.rows.map(({ number, key, rows: total }) => [
          key,
          { number, place: total - (counts.get(key) ?? 0) },
        ]),
      )
      const places = rows.map(({ key }) => {
        const lane = next.get(key) as { number: number; place: number }
        lane.place += 1
        return [lane.number, lane.place] as const
      })
      await client.query({
        name: 'insert-rows',
        text: insertRows,
        values: [
          job,
          rows.map(({ number }) => number),
          places.map(([lane]) => lane),
          places.map(([, place]) => place),
          rows.map(({ data }) => data),
        ],
      })
    })
  }

  async moveJob(id: string, state: JobState, from: readonly JobState[]): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      'update ez.job set state = $2 where id = $1 and state = any ($3)',
      [id, state, from],
    )
    // Rows that the queue no longer holds are given to it again.
    if (state === 'running' && rowCount === 1)
      await this.#pool.query(
        'update ez.lane set fed = 0 where job = (select number from ez.job where id = $1)',
        [id],
      )
    return rowCount === 1
  }

  async nameVariables(id: string, variables: readonly string[]): Promise<void> {
    await this.#pool.query('update ez.job set variables = $2 where id = $1', [id, variables])
  }

  async job(id: string): Promise<Job | undefined> {
    return (await this.#jobs('where j.id = $1', [id]))[0]
  }

  jobs(): Promise<Job[]> {
    return this.#jobs('', [])
  }

  async removeJob(id: string): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ number: number }>(
        'delete from ez.job where id = $1 returning number',
        [id],
      )
      for (const { number } of rows)
        for (const table of ['row', 'answer'])
          await client.query(`delete from ez.${table} where job = $1`, [number])
    })
  }

  async saveKey(key: string, { perSecond, concurrency }: JobLimit): Promise<void> {
    await this.#pool.query(
      `insert into ez.key (key, per_second, concurrency) values ($1, $2, $3)
       on conflict (key) do update set per_second = excluded.per_second, concurrency = excluded.concurrency`,
      [key, perSecond, concurrency],
    )
  }

  async keys(): Promise<LimitKey[]> {
    const { rows } = await this.#pool.query<StoredKey>('select * from ez.key order by key')
    return rows.map(keyOf)
  }

  async removeKey(key: string): Promise<void> {
    await this.#pool.query('delete from ez.key where key = $1', [key])
  }

  async learn(key: string, perSecond: number): Promise<void> {
    await this.#pool.query('update ez.key set learned = $2 where key = $1 and learned is distinct from $2', [
      key,
      perSecond,
    ])
  }

  async hold(key: string, until: number, why: string): Promise<void> {
    await this.#pool.query('update ez.key set held_until = $2, held_for = $3 where key = $1', [
      key,
      until,
      why,
    ])
  }

  async #jobs(where: string, values: readonly unknown[]): Promise<Job[]> {
    const { rows } = await this.#pool.query<StoredJob>(
      `select j.*, (select coalesce(sum(l.rows), 0)::int from ez.lane l where l.job = j.number) as rows
       from ez.job j ${where} order by j.number desc`,
      [...values],
    )
    return rows.map(jobOf)
  }
}
