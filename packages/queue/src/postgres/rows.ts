import type { Pool } from 'pg'
import type { KeyCounts, RowEnd } from '../contract/job.ts'
import {
  aliveMs,
  type BeginningRow,
  type Begun,
  type EndedEntry,
  type EndedRow,
  type Lane,
  type LaneRows,
  type ReleasedRow,
  type RowStore,
} from '../contract/storage.ts'
import { beginRows, countRows, endedRows, endJobs, finishRows, openLanes, releaseRows } from './statements.ts'

const states: readonly RowEnd[] = ['answered', 'unsent', 'in doubt']
const stateOf = (end: RowEnd): number => states.indexOf(end) + 2

/** Rows, intents and answers in tables. */
export class PostgresRows implements RowStore {
  readonly #pool: Pool
  readonly #workers = new Map<string, number>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async openLanes(): Promise<Lane[]> {
    return (await this.#pool.query<Lane>({ name: 'open-lanes', text: openLanes })).rows
  }

  async endJobs(): Promise<void> {
    await this.#pool.query({ name: 'end-jobs', text: endJobs })
  }

  async laneRows(job: string, key: string, position: number, limit: number): Promise<LaneRows> {
    const { rows } = await this.#pool.query<{ number: number; place: number }>({
      name: 'lane-rows',
      text: `select r.number, r.place from ez.job j join ez.lane l on l.job = j.number and l.key = $2
             join ez.row r on r.job = l.job and r.lane = l.number
             where j.id = $1 and r.place > $3 and r.state < 2 order by r.place limit $4`,
      values: [job, key, position, limit],
    })
    return { rows: rows.map(({ number }) => number), position: rows.at(-1)?.place ?? position }
  }

  async fed(job: string, key: string, position: number): Promise<void> {
    await this.#pool.query(
      'update ez.lane set fed = $3 where job = (select number from ez.job where id = $1) and key = $2',
      [job, key, position],
    )
  }

  async beat(worker: string): Promise<void> {
    const { rows } = await this.#pool.query<{ number: number }>({
      name: 'beat',
      text: `insert into ez.worker (id, seen_at) values ($1, clock_timestamp())
             on conflict (id) do update set seen_at = excluded.seen_at returning number`,
      values: [worker],
    })
    this.#workers.set(worker, (rows[0] as { number: number }).number)
  }

  async leave(worker: string): Promise<void> {
    await this.#pool.query(`update ez.worker set seen_at = '-infinity' where id = $1`, [worker])
  }

  async workers(): Promise<number> {
    const { rows } = await this.#pool.query<{ count: number }>(
      `select count(*)::int from ez.worker where seen_at > clock_timestamp() - make_interval(secs => $1)`,
      [aliveMs / 1000],
    )
    return rows[0]?.count ?? 0
  }

  async begin(worker: string, given: readonly BeginningRow[]): Promise<Begun[]> {
    const { rows } = await this.#pool.query<Begun>({
      name: 'begin',
      text: beginRows,
      values: [
        await this.#worker(worker),
        given.map(({ job }) => job),
        given.map(({ row }) => row),
        given.map(({ repeatable }) => repeatable),
        aliveMs / 1000,
      ],
    })
    return rows
  }

  async finish(worker: string, ended: readonly EndedRow[]): Promise<void> {
    await this.#pool.query({
      name: 'finish',
      text: finishRows,
      values: [
        await this.#worker(worker),
        ended.map(({ job }) => job),
        ended.map(({ row }) => row),
        ended.map(({ end }) => stateOf(end)),
        ended.map(({ result }) => result),
      ],
    })
  }

  async release(worker: string, given: readonly ReleasedRow[]): Promise<void> {
    await this.#pool.query({
      name: 'release',
      text: releaseRows,
      values: [
        await this.#worker(worker),
        given.map(({ job }) => job),
        given.map(({ row }) => row),
        given.map(({ again }) => again),
      ],
    })
  }

  async endedRows(id: string, after: string, limit: number): Promise<EndedEntry[]> {
    const [written = '0', number = '0'] = after.split('-')
    const { rows } = await this.#pool.query<{
      written: string
      number: number
      state: number
      result: string
    }>({
      name: 'ended-rows',
      text: endedRows,
      values: [id, written === '' ? '0' : written, Number(number), limit],
    })
    return rows.map((entry) => ({
      cursor: `${entry.written}-${entry.number}`,
      row: entry.number,
      end: states[entry.state - 2] as RowEnd,
      result: entry.result,
    }))
  }

  async counts(id: string): Promise<KeyCounts[]> {
    return (await this.#pool.query<KeyCounts>({ name: 'counts', text: countRows, values: [id] })).rows
  }

  async #worker(id: string): Promise<number> {
    if (!this.#workers.has(id)) await this.beat(id)
    return this.#workers.get(id) as number
  }
}
