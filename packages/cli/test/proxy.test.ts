import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { afterEach, describe, expect, it } from 'vitest'
import { isPresent } from '../../../.ci/vitest/present.ts'
import { bin, environment, ez, folder } from './support/ez.ts'
import { accessKey, keys, secretKey, signed } from './support/files.ts'
import { listen, type Received } from './support/server.ts'

interface Running {
  readonly child: ChildProcess
  readonly url: string
  readonly token: string
  log(): string
}

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

function rules(host: string, more = ''): string {
  return `rules:\n  - name: test\n    scheme: http\n    host: '${host}'\n    methods: [GET, POST, PUT]\n    paths: ['/open/**', '/one/*']\n${more}${signed.replace(/^/gm, '    ').trimEnd()}\n`
}

function start(cwd: string, ...args: string[]): Promise<Running> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'proxy', 'rules.yaml', '--port', '0', '--json', ...args], {
      cwd,
      env: environment(keys),
      stdio: 'pipe',
    })
    running.push(child)
    let log = ''
    let out = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (out.includes('\n'))
        resolve({ child, ...(JSON.parse(out) as { url: string; token: string }), log: () => log })
    })
    child.on('close', () => reject(new Error(`The proxy ended: ${log}`)))
  })
}

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A raw request: `fetch` would normalise what is to be tried here. */
function call(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; socketPath?: string } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { port } = options.socketPath ? { port: undefined } : new URL(url)
    const outgoing = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: options.method ?? 'GET',
        headers: options.headers,
        ...(options.socketPath && { socketPath: options.socketPath }),
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(options.body)
  })
}

/** What a server answers to bytes. */
function raw(url: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
}

async function verified(url: string, received: Received): Promise<void> {
  const request = new Request(`${url}${received.path}`, {
    method: received.method,
    headers: Object.entries(received.headers).map(([name, value]) => [name, String(value)]),
    ...(received.body.length > 0 && { body: new Uint8Array(received.body) }),
  })
  await verifyAwsSigV4(request, {
    secretFor: (id) => (id === accessKey ? secretKey : undefined),
    service: 'execute-api',
    region: 'us-east-1',
  })
}

function* zeros(megabytes: number): Generator<Buffer> {
  const megabyte = Buffer.alloc(1_000_000)
  for (let count = 0; count < megabytes; count += 1) yield megabyte
}

describe('ez proxy', () => {
  it('signs what a rule allows, and nothing else gets through', async () => {
    const upstream = await listen(async (request, response) => {
      try {
        await verified(upstream.url, request)
        response.writeHead(200, { 'x-up': 'yes', 'set-cookie': ['a=1', 'b=2'] }).end('signed')
      } catch (error) {
        response.writeHead(403).end(String(error))
      }
    })
    const { url, token, log } = await start(folder({ 'rules.yaml': rules(upstream.host) }))
    const mine = { 'x-ez-token': token }
    const good = await call(url, `/${upstream.host}/open/a%20b?q=secret-in-query&r`, {
      method: 'POST',
      headers: {
        ...mine,
        'content-type': 'application/json',
        connection: 'x-hop',
        'x-hop': '1',
        'x-own': 'kept',
      },
      body: '{"a":1}',
    })
    expect(good.body).toBe('signed')
    expect(good.status).toBe(200)
    expect(good.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    const [received] = upstream.received
    expect(received?.path).toBe('/open/a%20b?q=secret-in-query&r')
    expect(received?.headers['x-own']).toBe('kept')
    expect(received?.headers['x-hop']).toBeUndefined()
    expect(JSON.stringify(received?.headers)).not.toContain(token)
    expect((await call(url, `/~${token}/${upstream.host}/one/x`)).body).toBe('signed')

    const refused: [string, string, Parameters<typeof call>[2], number][] = [
      ['no token', `/${upstream.host}/open/a`, {}, 401],
      ['wrong token', `/${upstream.host}/open/a`, { headers: { 'x-ez-token': `${token}x` } }, 401],
      ['origin', `/${upstream.host}/open/a`, { headers: { ...mine, origin: 'null' } }, 403],
      [
        'fetch metadata',
        `/${upstream.host}/open/a`,
        { headers: { ...mine, 'sec-fetch-site': 'same-origin' } },
        403,
      ],
      ['rebound host', `/${upstream.host}/open/a`, { headers: { ...mine, host: 'evil.example' } }, 403],
      [
        'lookalike host',
        `/${upstream.host}/open/a`,
        { headers: { ...mine, host: '127.0.0.1.evil.example' } },
        403,
      ],
      ['other method', `/${upstream.host}/open/a`, { method: 'DELETE', headers: mine }, 403],
      ['other path', `/${upstream.host}/closed`, { headers: mine }, 403],
      ['two segments for one', `/${upstream.host}/one/a/b`, { headers: mine }, 403],
      ['hidden slash', `/${upstream.host}/one/a%2Fb`, { headers: mine }, 403],
      ['climbing path', `/${upstream.host}/open/../closed`, { headers: mine }, 403],
      ['twice hidden climbing', `/${upstream.host}/open/%252e%252E/closed`, { headers: mine }, 403],
      ['climbing with parameters', `/${upstream.host}/open/..;a/closed`, { headers: mine }, 403],
      ['hidden climbing', `/${upstream.host}/open/%2e%2E/closed`, { headers: mine }, 403],
      ['backslash', `/${upstream.host}/open/..\\closed`, { headers: mine }, 403],
      ['other host', '/other.example/open/a', { headers: mine }, 403],
      ['user information', `/${upstream.host}@evil.example/open/a`, { headers: mine }, 403],
      ['other port', '/127.0.0.1:1/open/a', { headers: mine }, 403],
      ['absolute form', `http://${upstream.host}/open/a`, { headers: mine }, 403],
    ]
    const before = upstream.received.length
    for (const [title, path, options, status] of refused) {
      const answer = await call(url, path, options)
      expect(answer.status, title).toBe(status)
      expect(JSON.parse(answer.body), title).toHaveProperty('error.code')
    }
    // Frames of a chunked upload are never signed as content; the marker of unsigned ones is kept, and their head signed.
    const body = '5\r\nhello\r\n0\r\n\r\n'
    const framed = (marker?: string): ReturnType<typeof call> =>
      call(url, `/${upstream.host}/open/a`, {
        method: 'PUT',
        headers: {
          ...mine,
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': '5',
          ...(marker && { 'x-amz-content-sha256': marker }),
        },
        body,
      })
    for (const marker of [undefined, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'])
      expect(JSON.parse((await framed(marker)).body)).toMatchObject({ error: { code: 'EZ_BODY_UNSIGNABLE' } })
    expect(upstream.received.length).toBe(before)
    const marker = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
    await framed(marker)
    const kept = upstream.received.pop()
    expect(kept?.headers).toMatchObject({
      'x-amz-content-sha256': marker,
      authorization: expect.stringContaining('x-amz-content-sha256'),
    })
    expect(kept?.body.toString()).toBe(body)
    const twice = await raw(
      url,
      `GET /${upstream.host}/open/a HTTP/1.1\r\nhost: 127.0.0.1\r\nHost: evil.example\r\nx-ez-token: ${token}\r\nconnection: close\r\n\r\n`,
    )
    expect(twice).toMatch(/^HTTP\/1\.1 (?:403|400) /)
    expect(upstream.received.length).toBe(before)
    expect((await call(url, '/healthz')).body).toBe('{"status":"ok","rules":1}\n')
    expect((await call(url, '/healthz', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
    const lines = log()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({
      rule: 'test',
      method: 'POST',
      host: upstream.host,
      path: '/open/a%20b',
      status: 200,
    })
    expect(log()).not.toContain(token)
    expect(log()).not.toContain('secret-in-query')
    expect(log()).not.toContain(secretKey)
    await upstream.close()
  })

  it('returns redirects, compressed bodies and failures as they are', async () => {
    const upstream = await listen((request, response) => {
      if (request.path === '/open/redirect')
        response.writeHead(302, { location: 'https://evil.example/' }).end()
      else if (request.path === '/open/break') response.socket?.destroy()
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end('raw bytes')
    })
    const { url, token } = await start(folder({ 'rules.yaml': rules(upstream.host) }))
    const headers = { 'x-ez-token': token }
    const redirect = await call(url, `/${upstream.host}/open/redirect`, { headers })
    expect([redirect.status, redirect.headers.location]).toEqual([302, 'https://evil.example/'])
    expect(await call(url, `/${upstream.host}/open/gzip`, { headers })).toMatchObject({
      status: 200,
      body: 'raw bytes',
      headers: { 'content-encoding': 'gzip' },
    })
    expect((await call(url, `/${upstream.host}/open/break`, { headers })).status).toBe(502)
    await upstream.close()
  })

  it('listens on a Unix socket, and ends with a signal', async () => {
    const upstream = await listen()
    const cwd = folder({ 'rules.yaml': rules(upstream.host) })
    const socketPath = join(cwd, 'ez.sock')
    const { child, url, token } = await start(cwd, '--socket', socketPath)
    expect(url).toBe(`unix:${socketPath}`)
    const answer = await call('', `/${upstream.host}/open/a`, {
      socketPath,
      headers: { host: 'localhost', 'x-ez-token': token },
    })
    expect(answer.status).toBe(200)
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    await upstream.close()
  })

  it.runIf(isPresent('curl'))('signs 200 concurrent requests of curl, each verified', async () => {
    const upstream = await listen(async (request, response) => {
      try {
        await verified(upstream.url, request)
        response.end(`ok ${request.body.toString()}`)
      } catch (error) {
        response.writeHead(403).end(String(error))
      }
    })
    const cwd = folder({ 'rules.yaml': rules(upstream.host) })
    const { url, token } = await start(cwd)
    const config = Array.from(
      { length: 200 },
      (_, index) =>
        `url = "${url}/${upstream.host}/open/${index}?n=${index}"\nrequest = "POST"\ndata = "body=${index}"\nheader = "x-ez-token: ${token}"\nsilent\nwrite-out = "\\n"`,
    ).join('\nnext\n')
    writeFileSync(join(cwd, 'curl.txt'), config)
    const stdout = await new Promise<string>((resolve, reject) => {
      execFile(
        'curl',
        ['-q', '--parallel', '--parallel-immediate', '--parallel-max', '200', '--config', 'curl.txt'],
        { cwd, env: environment(), maxBuffer: 1e7 },
        (error, out) => (error ? reject(error) : resolve(out)),
      )
    })
    const answers = stdout.match(/ok body=\d+/g) ?? []
    expect(new Set(answers).size).toBe(200)
    expect(new Set(upstream.received.map(({ path }) => path)).size).toBe(200)
    await upstream.close()
  })

  const uploads = [
    { payload: 'unsigned', says: 'UNSIGNED-PAYLOAD undefined' },
    { payload: 'chunks', says: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD 200000000' },
  ]
  for (const { payload, says } of uploads)
    it.runIf(isPresent('curl'))(
      `streams an upload of 200 MB with bounded memory (${payload}), and one of the same size back`,
      async () => {
        let length = 0
        const upstream = createServer((request, response) => {
          request.on('data', (chunk: Buffer) => {
            length += chunk.length
          })
          const { headers } = request
          request.on('end', () => {
            response.writeHead(200, {
              'x-said': `${headers['x-amz-content-sha256']} ${headers['x-amz-decoded-content-length']}`,
            })
            Readable.from(zeros(200), { objectMode: false }).pipe(response)
          })
        })
        await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
        const host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`
        const streamed = rules(host).replace('service: execute-api,', `service: s3, payload: ${payload},`)
        const cwd = folder({ 'rules.yaml': streamed, 'large.bin': '' })
        truncateSync(join(cwd, 'large.bin'), 200_000_000)
        const { url, token, child } = await start(cwd)
        const written = '%header{x-said} %{size_download}'
        const flags = [
          '-q',
          '-sS',
          '-T',
          'large.bin',
          '-o',
          '/dev/null',
          '-w',
          written,
          '-H',
          `x-ez-token: ${token}`,
        ]
        const stdout = await new Promise<string>((resolve, reject) => {
          execFile(
            'curl',
            [...flags, `${url}/${host}/open/large.bin`],
            { cwd, env: environment() },
            (error, out) => (error ? reject(error) : resolve(out)),
          )
        })
        expect(stdout).toBe(`${says} 200000000`)
        // Chunks carry their signatures.
        expect(length).toBeGreaterThanOrEqual(200_000_000)
        if (process.platform === 'linux') {
          const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
          const peak = Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024)
          console.log(`proxy: 200 MB up (${payload}) and 200 MB down, peak memory ${peak} MiB`)
          expect(peak).toBeLessThan(260)
        }
        upstream.closeAllConnections()
        upstream.close()
      },
    )

  for (const body of ['buffer', 'auto'])
    it(`refuses a body that a signer must hash and that is too long to hold (${body})`, async () => {
      const upstream = await listen()
      const cwd = folder({ 'rules.yaml': rules(upstream.host, `    body: ${body}\n`) })
      const { url, token } = await start(cwd, '--buffer-bytes', '1000')
      const send = (length: number): ReturnType<typeof call> =>
        call(url, `/${upstream.host}/open/a`, {
          method: 'POST',
          headers: { 'x-ez-token': token },
          body: 'x'.repeat(length),
        })
      expect((await send(2000)).status).toBe(413)
      expect(upstream.received.length).toBe(0)
      expect((await send(1000)).status).toBe(200)
      await upstream.close()
    })

  it('outlives clients and servers that go away in the middle', async () => {
    const upstream = await listen((request, response) => {
      if (request.path === '/open/half') {
        response.writeHead(200, { 'content-length': '1000' }).write('half')
        setTimeout(() => response.destroy(), 20)
      } else if (request.path !== '/open/never') response.end('ok')
    })
    const { url, token, child } = await start(folder({ 'rules.yaml': rules(upstream.host) }))
    const headers = { 'x-ez-token': token }
    await expect(call(url, `/${upstream.host}/open/half`, { headers })).rejects.toThrow('aborted')
    const { port } = new URL(url)
    await new Promise<void>((resolve) => {
      // An upload that stops, and a request that nobody waits for.
      const upload = httpRequest({
        host: '127.0.0.1',
        port,
        path: `/${upstream.host}/open/up`,
        method: 'PUT',
        headers: { ...headers, 'content-length': '100000000' },
      })
      upload.on('error', () => {})
      upload.write('x'.repeat(100_000))
      const waiting = httpRequest({ host: '127.0.0.1', port, path: `/${upstream.host}/open/never`, headers })
      waiting.on('error', () => {})
      waiting.end()
      setTimeout(() => {
        upload.destroy()
        waiting.destroy()
        resolve()
      }, 300)
    })
    expect((await call(url, `/${upstream.host}/open/after`, { headers })).body).toBe('ok')
    expect(child.exitCode).toBe(null)
    await upstream.close()
  })

  it('tells wrong rules at the start', async () => {
    const cases = {
      'rules: []\n': 'rules.yaml',
      'rules: [{ host: "a b", methods: [GET], paths: [/] }]\n': '"a b" is no host',
      'rules: [{ host: a.example, methods: [GET], paths: [x] }]\n': 'must start with "/"',
      'rules: [{ host: a.example, paths: [/] }]\n': 'needs the key "methods"',
    }
    for (const [text, says] of Object.entries(cases)) {
      const { code, stderr } = await ez(['proxy', 'rules.yaml', '--port', '0'], {
        cwd: folder({ 'rules.yaml': text }),
      })
      expect(stderr).toContain(says)
      expect(code).toBe(2)
    }
    const { stderr } = await ez(['proxy', 'rules.yaml', '--port', '0'], {
      cwd: folder({ 'rules.yaml': rules('a.example') }),
    })
    expect(stderr).toContain('{{access_key}} has no value')
  })
})
