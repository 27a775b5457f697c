import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { hasPostgres, startPostgres } from '../../../.ci/vitest/servers/postgres.ts'
import type { Running } from '../../../.ci/vitest/servers/program.ts'
import { hasRedis, startRedis } from '../../../.ci/vitest/servers/redis.ts'
import { bin, environment, ez, folder } from './support/ez.ts'

const storeKey = Buffer.alloc(32, 5).toString('base64')
const apiSecret = 'example-api-secret-1'
const stores: readonly {
  readonly name: string
  readonly present: boolean
  readonly start: () => Promise<Running & { readonly url: string }>
  /** Everything that stands in the store. */
  readonly dump: (server: Running & { readonly url: string }) => string
}[] = [
  {
    name: 'Redis',
    present: hasRedis,
    start: () => startRedis(),
    dump: ({ port }) => {
      const redis = (...words: readonly string[]): Buffer =>
        execFileSync('redis-cli', ['-p', String(port), ...words], { maxBuffer: 100_000_000 })
      // Compressed, a secret could not be found.
      redis('config', 'set', 'rdbcompression', 'no')
      return redis('--rdb', '-').toString('latin1')
    },
  },
  {
    name: 'PostgreSQL',
    present: hasPostgres,
    start: () => startPostgres(),
    dump: ({ url }) => execFileSync('pg_dump', [url], { maxBuffer: 100_000_000 }).toString(),
  },
]

describe.each(stores)('ez on a queue in $name', ({ present, start, dump }) => {
  describe.runIf(present)('a real server', () => {
    let server: Running & { readonly url: string }
    let vendor: ReturnType<typeof createServer>
    const seen: {
      readonly url: string
      readonly key: string | undefined
      readonly secret: string | undefined
    }[] = []
    let files = ''

    beforeAll(async () => {
      server = await start()
      vendor = createServer((request, response) => {
        seen.push({
          url: request.url ?? '',
          key: request.headers['idempotency-key'] as string | undefined,
          secret: request.headers['x-api-secret'] as string | undefined,
        })
        request.resume()
        response
          .writeHead(request.url?.endsWith('/13') ? 422 : 200, { 'content-type': 'text/plain' })
          .end('as you say')
      })
      await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve))
      files = folder({
        'order.yaml': [
          'name: Orders',
          'method: POST',
          `url: http://127.0.0.1:${(vendor.address() as AddressInfo).port}/orders/{{row}}`,
          "headers: { x-api-secret: '{{api_secret}}', idempotency-key: '{%uuid%}' }",
          'body: { json: { quantity: "{{quantity}}" } }',
          "rateLimit: { key: '{{account}}', perSecond: 200 }",
        ].join('\n'),
        'rows.ndjson': Array.from({ length: 40 }, (_, index) =>
          JSON.stringify({ row: index + 1, quantity: 2, account: `account-${index % 2}` }),
        ).join('\n'),
        'secret.ndjson': JSON.stringify({
          row: 1,
          quantity: 1,
          account: 'a',
          password: 'example-row-password',
        }),
      })
    })

    afterAll(async () => {
      vendor?.close()
      vendor?.closeAllConnections()
      await server?.stop()
    })

    const env = (own: Readonly<Record<string, string>> = {}): Record<string, string> => ({
      EZ_QUEUE: server.url,
      EZ_JOB_KEY: 'example-job-key',
      EZ_STORE_KEY: storeKey,
      ...own,
    })
    const worker = async (own: Readonly<Record<string, string>>, ...args: readonly string[]) => {
      const child: ChildProcess = spawn(process.execPath, [bin, 'worker', '--json', ...args], {
        cwd: files,
        env: environment(env(own)),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let output = ''
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      const said = (event: string): Promise<void> =>
        expect.poll(() => output).toContain(`"event":"${event}"`) as unknown as Promise<void>
      await said('started')
      return { child, said, output: () => output }
    }

    test('rows are added, sent by a worker, shown and collected; SIGTERM ends the worker with 0', async () => {
      const added = await ez(['run', 'order.yaml', '--data', 'rows.ndjson', '--queue', '--detach'], {
        cwd: files,
        env: env(),
      })
      expect(added.stderr).toBe('')
      const id = added.stdout.trim()
      expect(id).toMatch(/^[A-Za-z0-9]{12}$/)
      const shown = await ez(['jobs', 'show', id], { cwd: files, env: env() })
      expect(shown.stdout).toContain('40 rows: 0 answered, 0 unsent, 0 in doubt, 40 waiting')
      expect(shown.stdout).toContain('there is no worker')
      const running = await worker({ EZ_VAR_API_SECRET: apiSecret })
      const collected = await ez(['jobs', 'results', id, '--out', 'results.ndjson', '--wait', '--json'], {
        cwd: files,
        env: env(),
      })
      expect(collected.code).toBe(1)
      expect(JSON.parse(collected.stdout)).toMatchObject({ rows: 40, answered: 40, unsent: 0, inDoubt: 0 })
      const lines = readFileSync(join(files, 'results.ndjson'), 'utf8').trim().split('\n')
      const results = lines.map((line) => JSON.parse(line))
      expect(results.length).toBe(40)
      expect(results.find(({ row }) => row === 13)).toMatchObject({
        job: id,
        end: 'answered',
        verdict: 'refused',
        status: 422,
      })
      expect(seen.length).toBe(40)
      expect(seen.every(({ secret }) => secret === apiSecret)).toBe(true)
      expect(new Set(seen.map(({ key }) => key)).size).toBe(40)
      const again = await ez(['jobs', 'results', id, '--out', 'results.ndjson'], { cwd: files, env: env() })
      expect(again.code).toBe(1)
      expect(readFileSync(join(files, 'results.ndjson'), 'utf8').trim().split('\n').length).toBe(40)
      const exit = once(running.child, 'exit')
      running.child.kill('SIGTERM')
      expect((await exit)[0]).toBe(0)
      expect(running.output()).not.toContain(apiSecret)
      expect(JSON.parse((await ez(['jobs', '--json'], { cwd: files, env: env() })).stdout)[0].id).toBe(id)
    })

    test('a worker without the variables, or without trust, refuses the job and leaves its rows', async () => {
      const added = await ez(['run', 'order.yaml', '--data', 'rows.ndjson', '--queue', '--detach'], {
        cwd: files,
        env: env(),
      })
      const id = added.stdout.trim()
      const before = seen.length
      const poor = await worker({})
      await poor.said('refused')
      expect(poor.output()).toContain('this worker lacks {{api_secret}}')
      const stranger = await worker({ EZ_JOB_KEY: 'another-key', EZ_VAR_API_SECRET: apiSecret })
      await stranger.said('refused')
      expect(stranger.output()).toContain('EZ_JOB_REFUSED')
      expect(seen.length).toBe(before)
      const cancelled = await ez(['jobs', 'cancel', id, '--json'], { cwd: files, env: env() })
      expect(JSON.parse(cancelled.stdout)).toMatchObject({ rows: 40, unsent: 40, waiting: 0 })
    })

    test('no secret stands in the store in clear', async () => {
      const refused = await ez(['run', 'order.yaml', '--data', 'secret.ndjson', '--queue', '--detach'], {
        cwd: files,
        env: env({ EZ_STORE_KEY: '' }),
      })
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain('EZ_JOB_REFUSED')
      const added = await ez(
        [
          'run',
          'order.yaml',
          '--data',
          'secret.ndjson',
          '--queue',
          '--detach',
          '--var',
          `api_secret=${apiSecret}`,
        ],
        {
          cwd: files,
          env: env(),
        },
      )
      expect(added.code).toBe(0)
      const running = await worker({ EZ_VAR_API_SECRET: apiSecret })
      await expect.poll(() => seen.some(({ url }) => url === '/orders/1')).toBe(true)
      running.child.kill('SIGTERM')
      await once(running.child, 'exit')
      const everything = dump(server)
      expect(everything).toContain(added.stdout.trim())
      for (const secret of [apiSecret, 'example-row-password', 'example-job-key', storeKey])
        expect(everything).not.toContain(secret)
    })

    test('a queue that cannot be used is told, with what to do', async () => {
      const none = await ez(['jobs'], { cwd: files, env: { EZ_QUEUE: 'redis://127.0.0.1:1' } })
      expect(none.code).toBe(2)
      expect(none.stderr).toContain('EZ_QUEUE_UNREACHABLE')
      expect((await ez(['jobs'], { cwd: files })).stderr).toContain('EZ_USAGE')
      expect((await ez(['jobs', 'show', 'nobody'], { cwd: files, env: env() })).stderr).toContain(
        'EZ_JOB_UNKNOWN',
      )
    })
  })
})
