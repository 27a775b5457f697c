import type { Job, JobLimit, JobState, KeyCounts, RowEnd } from './job.ts'

/** A row by its job and number. */
export interface RowId {
  readonly job: string
  readonly row: number
}

/** A row as it is stored; `data` is JSON, or sealed. */
export interface StoredRow {
  readonly number: number
  readonly key: string
  readonly data: string
}

/** What a worker may do with a row that it is about to send. */
export type Begun =
  /** Send it: its intent is written. `attempts` counts those before. */
  | { readonly may: 'send'; readonly data: string; readonly attempts: number }
  /** Nothing: it has ended. */
  | { readonly may: 'skip' }
  /** Nothing now: a worker that is alive is sending it. */
  | { readonly may: 'wait' }
  /** Nothing: its job was paused, cancelled or removed. */
  | { readonly may: 'drop' }
  /** End it in doubt: a worker that is gone had begun to send it. */
  | { readonly may: 'doubt' }

/** A row that has ended. */
export interface EndedRow extends RowId {
  readonly end: RowEnd
  /** JSON. */
  readonly result: string
}

/** An account whose limit all workers share. */
export interface LimitKey extends JobLimit {
  readonly key: string
  /** Requests a second that the server named. */
  readonly learned?: number
  /** Milliseconds since 1970 until which nothing is sent, and why. */
  readonly heldUntil?: number
  readonly heldFor?: string
}

/** The rows of one job for one account, in the order in which they were added. */
export interface Lane {
  readonly job: string
  readonly key: string
  readonly state: JobState
  readonly rows: number
  /** How many of its rows have been given to the queue. */
  readonly fed: number
  readonly ended: number
}

/** A result with its place in the order of ends. */
export interface EndedEntry {
  readonly cursor: string
  readonly row: number
  readonly end: RowEnd
  readonly result: string
}

/** Jobs, and the accounts whose limits they share. */
export interface JobStore {
  createJob(job: Job): Promise<void>
  addRows(id: string, rows: readonly StoredRow[]): Promise<void>
  /** Whether the state was one of `from`, and is the new one now. A job that runs again is given to the queue anew. */
  moveJob(id: string, state: JobState, from: readonly JobState[]): Promise<boolean>
  /** Names that workers must have, known when all rows were seen. */
  nameVariables(id: string, variables: readonly string[]): Promise<void>
  job(id: string): Promise<Job | undefined>
  /** Newest first. */
  jobs(): Promise<Job[]>
  removeJob(id: string): Promise<void>

  /** Adds an account, or changes its limit; what was learned stays. */
  saveKey(key: string, limit: JobLimit): Promise<void>
  keys(): Promise<LimitKey[]>
  removeKey(key: string): Promise<void>
  learn(key: string, perSecond: number): Promise<void>
  hold(key: string, until: number, why: string): Promise<void>
}

/** Rows, with their intents and answers, and who sends them. */
export interface RowStore {
  /** Of jobs that run or were cancelled, those with rows that have not ended. */
  openLanes(): Promise<Lane[]>
  /** Notes which running jobs have no rows left. */
  endJobs(): Promise<void>
  /** Numbers of rows of a lane, from the position on; those that have ended are left out. */
  laneRows(job: string, key: string, position: number, limit: number): Promise<LaneRows>
  /** Says that rows up to a position were given to the queue. */
  fed(job: string, key: string, position: number): Promise<void>

  /** Says that a worker is alive, for `aliveMs` from now. */
  beat(worker: string): Promise<void>
  /** Says that a worker has ended and sends nothing more. */
  leave(worker: string): Promise<void>
  /** How many workers are alive. */
  workers(): Promise<number>
  /** Writes the intents of rows, where they may be sent. `repeatable`: one that a dead worker began may be sent again. */
  begin(worker: string, rows: readonly BeginningRow[]): Promise<Begun[]>
  /** Ends rows; one that has ended stays as it is, but an answer that comes late ends the doubt. */
  finish(worker: string, rows: readonly EndedRow[]): Promise<void>
  /** Takes intents back: the rows wait again. `again`: it counts as an attempt. */
  release(worker: string, rows: readonly ReleasedRow[]): Promise<void>

  /** Rows that ended after the cursor (`''`: the first ones), in the order of their ends. */
  endedRows(id: string, after: string, limit: number): Promise<EndedEntry[]>
  counts(id: string): Promise<KeyCounts[]>
}

/**
 * Jobs, rows, intents and answers: what must not be lost. The queue beside it holds ids, and can be made anew from it.
 *
 * Each method is one atomic step.
 */
export interface Storage {
  readonly jobs: JobStore
  readonly rows: RowStore
  /** @throws EZ_QUEUE_UNREACHABLE when it was never set up for this program */
  check(): Promise<void>
}

/** A row that is about to be sent. */
export interface BeginningRow extends RowId {
  readonly repeatable: boolean
}

/** A row that is not being sent after all. */
export interface ReleasedRow extends RowId {
  readonly again: boolean
}

/** A part of a lane. */
export interface LaneRows {
  readonly rows: readonly number[]
  /** Where the next part begins. */
  readonly position: number
}

/** Milliseconds after its last sign of life at which a worker counts as gone. */
export const aliveMs = 10_000
