import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer as createHttp, request, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { isPresent } from '../../../.ci/vitest/present.ts'
import { ez, folder } from './support/ez.ts'
import { listen } from './support/server.ts'

const get = (url: string): string => `name: get\nmethod: GET\nurl: ${url}/a\n`

describe('ez run', () => {
  it('streams the body of the answer to a file, or to standard output', async () => {
    const bytes = Buffer.alloc(20_000_000, 'abcdefg')
    const server = await listen((_request, response) => void response.end(bytes))
    const cwd = folder({ 'in.yaml': get(server.url) })
    const { code } = await ez(['run', 'in.yaml', '--output', 'body.bin'], { cwd })
    expect(code).toBe(0)
    expect(readFileSync(join(cwd, 'body.bin')).equals(bytes)).toBe(true)
    const piped = await ez(['run', 'in.yaml', '--output', '-'], { cwd })
    expect(piped.stdout.length).toBe(bytes.length)
    expect(piped.stderr).toContain('✓ 200')
    await server.close()
  })

  it('writes JUnit XML and JSON reports', async () => {
    const server = await listen(
      (request, response) => void response.writeHead(request.path === '/a' ? 200 : 404).end('<not> "found"'),
    )
    const cwd = folder({
      'a.yaml': get(server.url),
      'b.yaml': `name: b & c\nmethod: GET\nurl: ${server.url}/b\n`,
    })
    const { stdout, code } = await ez(['run', 'a.yaml', 'b.yaml', '--reporter', 'junit'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toContain('<testsuite name="ez" tests="2" failures="1" errors="0"')
    expect(stdout).toContain('name="b &amp; c"')
    expect(stdout).toContain('&lt;not&gt; &quot;found&quot;')
    const human = await ez(
      ['run', 'a.yaml', 'b.yaml', '--reporter', 'json', '--report-file', 'report.json'],
      { cwd },
    )
    expect(human.stdout).toContain('✗ 404')
    expect(JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))).toMatchObject({ requests: [{}, {}] })
    await server.close()
  })

  it('keeps secrets out of what is saved', async () => {
    const server = await listen(
      (request, response) => void response.end(`you sent ${request.headers['x-key']}`),
    )
    const cwd = folder({ 'in.yaml': `${get(server.url)}headers: { x-key: '{{key}}' }\n` })
    await ez(['run', 'in.yaml', '--save', 'saved', '--var', 'key=very-secret-1'], { cwd })
    expect(server.received[0]?.headers['x-key']).toBe('very-secret-1')
    const saved = readFileSync(join(cwd, 'saved/in.yaml.json'), 'utf8')
    expect(saved).toContain('you sent ***')
    expect(saved).not.toContain('very-secret-1')
    await server.close()
  })

  it('runs requests of several files at the same time, within the bound', async () => {
    const open: ServerResponse[] = []
    let most = 0
    const server = await listen((_request, response) => {
      open.push(response)
      most = Math.max(most, open.length)
      // Answers when three have come, and a fourth had time to.
      if (open.length === 3) setTimeout(() => open.splice(0).map((one) => one.end()), 50)
    })
    const cwd = folder({
      'in.yaml': `defaults: { method: GET, url: ${server.url}/ }\nrequests:\n${Array.from({ length: 12 }, (_, index) => `  - { name: r${index} }`).join('\n')}\n`,
    })
    const { code } = await ez(['run', 'in.yaml', '--concurrency', '3'], { cwd })
    expect(code).toBe(0)
    expect(server.received.length).toBe(12)
    expect(most).toBe(3)
    await server.close()
  })

  it.runIf(isPresent('openssl'))(
    'takes certificate authorities and client certificates, and hints at them',
    async () => {
      const cwd = folder({})
      const key = [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-x509',
      ]
      const openssl = (...args: string[]): void =>
        void execFileSync('openssl', args, { cwd, stdio: 'ignore' })
      openssl(
        'req',
        ...key,
        '-keyout',
        'server.key',
        '-out',
        'server.pem',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      )
      openssl('req', ...key, '-keyout', 'client.key', '-out', 'client.pem', '-subj', '/CN=client')
      const read = (name: string): Buffer => readFileSync(join(cwd, name))
      const server = createServer(
        {
          key: read('server.key'),
          cert: read('server.pem'),
          ca: [read('client.pem')],
          requestCert: true,
          rejectUnauthorized: false,
        },
        (request, response) =>
          void response.writeHead((request.socket as TLSSocket).authorized ? 200 : 401).end(),
      )
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const there = folder({ 'in.yaml': get(`https://127.0.0.1:${(server.address() as AddressInfo).port}`) })
      const tls = ['--ca', `${cwd}/server.pem`]
      expect((await ez(['run', 'in.yaml'], { cwd: there })).stdout).toContain('give it with --ca')
      expect((await ez(['run', 'in.yaml', ...tls], { cwd: there })).stdout).toContain('✗ 401')
      const good = await ez(
        ['run', 'in.yaml', ...tls, '--cert', `${cwd}/client.pem`, '--key', `${cwd}/client.key`],
        { cwd: there },
      )
      expect(good.stdout).toContain('✓ 200')
      expect((await ez(['run', 'in.yaml', '--cert', `${cwd}/client.pem`], { cwd: there })).code).toBe(2)
      server.closeAllConnections()
      server.close()
    },
  )

  it('goes through the proxy of the environment', async () => {
    const upstream = await listen()
    const asked: string[] = []
    // In absolute form, as curl asks a proxy for an http URL.
    const proxy = createHttp((message, response) => {
      asked.push(message.url ?? '')
      const { port, pathname } = new URL(message.url ?? '')
      const { method, headers } = message
      message.pipe(
        request({ host: '127.0.0.1', port, path: pathname, method, headers }, (answered) => {
          response.writeHead(answered.statusCode ?? 500, answered.headers)
          answered.pipe(response)
        }),
      )
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const cwd = folder({ 'in.yaml': get(upstream.url) })
    const { stdout } = await ez(['run', 'in.yaml'], { cwd, env: { HTTP_PROXY: url } })
    expect(stdout).toContain('✓ 200')
    expect(asked).toEqual([`http://${upstream.host}/a`])
    await ez(['run', 'in.yaml'], { cwd, env: { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' } })
    expect(asked.length).toBe(1)
    expect(upstream.received.length).toBe(2)
    proxy.closeAllConnections()
    proxy.close()
    await upstream.close()
  })

  it('writes nothing when the request fails', async () => {
    const cwd = folder({ 'in.yaml': 'method: GET\nurl: http://127.0.0.1:1/\n' })
    expect((await ez(['run', 'in.yaml', '--output', 'body.bin', '--retries', '0'], { cwd })).code).toBe(1)
    expect(existsSync(join(cwd, 'body.bin'))).toBe(false)
  })
})
