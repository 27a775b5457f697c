import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type RedisClient, redisStore } from '@ez/oauth2/redis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hasRedis, startRedis } from '../../../.ci/vitest/servers/redis.ts'

const program = fileURLToPath(new URL('./support/one-send.mjs', import.meta.url))
const run = promisify(execFile)
const encryptionKey = Buffer.alloc(32, 9).toString('base64')

describe.runIf(hasRedis)('a real Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>
  let url = ''
  let client: ReturnType<typeof createClient>
  let authorization: Server
  let tokenEndpoint = ''
  let refreshes = 0

  beforeAll(async () => {
    redis = await startRedis()
    url = redis.url
    client = createClient({ url, socket: { reconnectStrategy: 50 } })
    client.on('error', () => {})
    await client.connect()
    // Takes its time, and accepts each refresh token once.
    authorization = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () =>
        setTimeout(() => {
          const spent = new URLSearchParams(body).get('refresh_token') !== `refresh-${refreshes}`
          refreshes += 1
          response.writeHead(spent ? 400 : 200, { 'content-type': 'application/json' })
          const token = {
            access_token: `token-${refreshes}`,
            token_type: 'bearer',
            expires_in: 3600,
            refresh_token: `refresh-${refreshes}`,
          }
          response.end(JSON.stringify(spent ? { error: 'invalid_grant' } : token))
        }, 300),
      )
    })
    await new Promise<void>((resolve) => authorization.listen(0, '127.0.0.1', resolve))
    tokenEndpoint = `http://127.0.0.1:${(authorization.address() as AddressInfo).port}/token`
  })

  afterAll(async () => {
    client.destroy()
    await redis.stop()
    authorization.closeAllConnections()
    authorization.close()
  })

  test('two processes cause one refresh', async () => {
    const processes = [1, 2].map(() => run(process.execPath, [program, url, tokenEndpoint, encryptionKey]))
    const outputs = await Promise.all(processes)
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(['Bearer token-1', 'Bearer token-1'])
    expect(refreshes).toBe(1)
    const keys = await client.keys('*')
    expect(keys).toHaveLength(1)
    expect(await client.get(keys[0] as string)).not.toMatch(/token-1|refresh-1/)
    console.log('oauth2 redis: two processes, one refresh: passed')
  })

  test('a process that is killed in a refresh is told of by the next one, which spends nothing', {
    timeout: 30_000,
  }, async () => {
    // Spends the refresh token, and its answer is stored by nobody.
    let requests = 0
    const silent = createServer(() => {
      requests += 1
    })
    onTestFinished(() => {
      silent.closeAllConnections()
      silent.close()
    })
    await once(silent.listen(0, '127.0.0.1'), 'listening')
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/token`
    // The lock of the killed one ends after twice this time-out.
    const parameters = [program, url, endpoint, encryptionKey, '1000']
    const killed = spawn(process.execPath, parameters)
    await once(silent, 'request')
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const next = run(process.execPath, parameters)
    await expect(next).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/EZ_TOKEN_REFRESH_UNFINISHED/),
    })
    await expect(next).rejects.toMatchObject({ stderr: expect.not.stringContaining('refresh-0') })
    expect(requests).toBe(1)
  })

  test('a lock belongs to who took it, and ends', async () => {
    const store = redisStore(client as unknown as RedisClient)
    const held = await store.lock?.('held', 600_000)
    expect(held).toBeDefined()
    expect(await store.lock?.('held', 50)).toBeUndefined()
    const release = await store.lock?.('a', 50)
    expect(release).toBeDefined()
    let second: Awaited<ReturnType<NonNullable<typeof store.lock>>>
    await expect.poll(async () => (second = await store.lock?.('a', 600_000))).toBeDefined()
    // The first one's time is up: it must not release the second one's lock.
    await release?.()
    expect(await store.lock?.('a', 50)).toBeUndefined()
    await second?.()
    expect(await store.lock?.('a', 50)).toBeDefined()
  })

  test('values end when they are told to', async () => {
    const store = redisStore(client as unknown as RedisClient, { prefix: 'own:' })
    await store.set('b', 'value', 600_000)
    expect(await store.get('b')).toBe('value')
    expect(await client.get('own:b')).toBe('value')
    await store.set('b', 'value', 60)
    await expect.poll(() => store.get('b')).toBeUndefined()
    await store.set('c', 'value')
    await store.delete('c')
    expect(await store.get('c')).toBeUndefined()
  })
})
