import { isPresent } from '../present.ts'
import { type Running, startProgram } from './program.ts'

/** Whether `redis-server` is on this machine. */
export const hasRedis: boolean = isPresent('redis-server')

/** Starts a Redis on loopback that keeps nothing on disk, or its log in a folder. */
export async function startRedis({
  folder,
}: {
  readonly folder?: string
} = {}): Promise<Running & { readonly url: string }> {
  const log = folder === undefined ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--dir', folder]
  const parameters = ['--bind', '127.0.0.1', '--save', '', ...log]
  const redis = await startProgram(
    'redis-server',
    (port) => ['--port', String(port), ...parameters],
    /Ready to accept connections/,
  )
  console.log('server: Redis on loopback')
  return { ...redis, url: `redis://127.0.0.1:${redis.port}` }
}
