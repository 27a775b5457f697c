import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { Engine } from '../engine/engine.ts'
import type { Storage } from './storage.ts'

/** A store of jobs and rows, with the queue beside it. */
export interface JobQueue {
  /** Where jobs, rows and results are kept. */
  readonly storage: Storage
  /** Hands rows to workers: pg-boss or BullMQ. */
  readonly engine: Engine
  /** The connection to the store, for what else is to be shared: tokens. */
  readonly connection:
    | { readonly kind: 'postgres'; readonly pool: Pool }
    | { readonly kind: 'redis'; readonly redis: Redis }
  /** Makes the tables in PostgreSQL; on Redis there is nothing to make. Needs the right to make schemas. */
  setUp(): Promise<void>
  /** Closes the connections; call it when nothing is sent any more. */
  close(): Promise<void>
}
