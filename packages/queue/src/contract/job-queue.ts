import type { Engine } from '../engine/engine.ts'
import type { Storage } from './storage.ts'

/** A store of jobs and rows, with the queue beside it. */
export interface JobQueue {
  readonly storage: Storage
  readonly engine: Engine
  /** Makes the tables in PostgreSQL; on Redis there is nothing to make. Needs the right to make schemas. */
  setUp(): Promise<void>
  close(): Promise<void>
}
