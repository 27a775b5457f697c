import { EzError } from '@ez/core'
import type { JobQueue } from './contract/job-queue.ts'

/**
 * Opens a store by its address: `redis://` and `rediss://` with `ioredis`, `postgres://` and `postgresql://` with `pg`.
 *
 * @throws EZ_OPTION_INVALID for another address, EZ_QUEUE_UNREACHABLE when nobody answers there or its package is missing
 *
 * @example
 * ```ts
 * import { openQueue } from '@ez/queue'
 *
 * const queue = await openQueue('postgres://ez@127.0.0.1/jobs')
 * await queue.setUp()
 * await queue.close()
 * ```
 */
export async function openQueue(address: string): Promise<JobQueue> {
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  try {
    if (protocol === 'redis:' || protocol === 'rediss:')
      return await (await import('./redis/open.ts')).openRedis(address)
    if (protocol === 'postgres:' || protocol === 'postgresql:')
      return await (await import('./postgres/open.ts')).openPostgres(address)
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    throw unreachable(address, cause)
  }
  // The address may hold a password: it is not repeated.
  throw new EzError(
    'EZ_OPTION_INVALID',
    'queue: the address must begin with redis://, rediss://, postgres:// or postgresql://.',
  )
}

function unreachable(address: string, cause: unknown): EzError {
  const { host } = new URL(address)
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const wanted = address.startsWith('redis') ? 'ioredis' : 'pg'
    return new EzError(
      'EZ_QUEUE_UNREACHABLE',
      `The queue needs the package ${wanted}, which is not installed. Run: npm install ${wanted}`,
      { cause },
    )
  }
  // 53300: PostgreSQL has no connection left.
  const advice =
    code === '53300'
      ? 'Every worker holds about six connections and one for each account: raise max_connections, or run fewer workers.'
      : 'See whether it runs, and whether address, user and password are right.'
  return new EzError(
    'EZ_QUEUE_UNREACHABLE',
    `The store of the queue at ${host} cannot be used: ${code ?? message}. ${advice}`,
    { cause },
  )
}
