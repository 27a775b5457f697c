import { isPresent } from '../present.ts'
import { type Running, startProgram } from './program.ts'

/** Whether `redis-server` is on this machine. */
export const hasRedis: boolean = isPresent('redis-server')

/** Starts a Redis on loopback that keeps nothing on disk. */
export async function startRedis(): Promise<Running & { readonly url: string }> {
  const parameters = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const redis = await startProgram(
    'redis-server',
    (port) => ['--port', String(port), ...parameters],
    /Ready to accept connections/,
  )
  console.log('server: Redis on loopback')
  return { ...redis, url: `redis://127.0.0.1:${redis.port}` }
}
