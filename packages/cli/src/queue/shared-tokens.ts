import type { JobQueue } from '@ez/queue'
import type { OpenStore } from '../tokens/open-store.ts'

/** The tokens that all workers of a queue share, encrypted with EZ_STORE_KEY. @throws EZ_OPTION_INVALID */
export async function sharedTokens({ connection }: JobQueue, storeKey: string): Promise<OpenStore> {
  const { sealedStore } = await import('@ez/oauth2/sealed')
  if (connection.kind === 'postgres') {
    const { postgresStore } = await import('@ez/oauth2/postgres')
    return { store: sealedStore(await postgresStore(connection.pool), storeKey) }
  }
  const { redisStore } = await import('@ez/oauth2/redis')
  const { redis } = connection
  const prefix = 'ez:token:'
  return {
    store: sealedStore(
      {
        ...redisStore(
          {
            get: (key) => redis.get(key),
            del: (key) => redis.del(key),
            set: (key, value, { PX, NX } = {}) =>
              redis.call(
                'SET',
                key,
                value,
                ...(PX === undefined ? [] : ['PX', String(PX)]),
                ...(NX ? ['NX'] : []),
              ),
            eval: (script, { keys, arguments: values }) =>
              redis.eval(script, keys.length, ...keys, ...values),
          },
          { prefix },
        ),
        keys: async () =>
          (await redis.keys(`${prefix}*`))
            .filter((name) => !name.endsWith(':lock'))
            .map((name) => name.slice(prefix.length)),
      },
      storeKey,
    ),
  }
}
