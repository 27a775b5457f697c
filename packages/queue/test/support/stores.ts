import { hasPostgres, startPostgres } from '../../../../.ci/vitest/servers/postgres.ts'
import type { Running } from '../../../../.ci/vitest/servers/program.ts'
import { hasRedis, startRedis } from '../../../../.ci/vitest/servers/redis.ts'

/** A store that tests run on, where it is on this machine. */
export interface TestedStore {
  readonly name: string
  readonly present: boolean
  readonly start: () => Promise<Running & { readonly url: string }>
}

export const stores: readonly TestedStore[] = [
  { name: 'Redis', present: hasRedis, start: () => startRedis() },
  { name: 'PostgreSQL', present: hasPostgres, start: () => startPostgres() },
]
