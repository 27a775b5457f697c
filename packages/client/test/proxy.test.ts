import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer as createProxy } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { Agent, EnvHttpProxyAgent } from 'undici'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isPresent } from '../../../.ci/vitest/present.ts'
import { createClient } from '../src/index.ts'
import { answer, startServer } from './support/server.ts'
import { stampSigner } from './support/signers.ts'
import { fetchThrough } from './support/undici.ts'

interface Proxy {
  readonly url: string
  /** Hosts that it was asked to connect to. */
  readonly connected: string[]
}

async function startProxy(): Promise<Proxy> {
  const connected: string[] = []
  const sockets = new Set<Socket>()
  const proxy = createProxy()
  proxy.on('connect', (request, client: Socket) => {
    connected.push(request.url ?? '')
    const [host, port] = (request.url ?? '').split(':')
    // Every name leads home, so that no test leaves the machine.
    const upstream = connect(Number(port), host === 'api.example.com' ? '127.0.0.1' : host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client)
      client.pipe(upstream)
    })
    for (const socket of [upstream, client]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, connected }
}

function useEnvironment(values: Record<string, string>): void {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined)
    vi.stubEnv(name.toUpperCase(), undefined)
  }
  for (const [name, value] of Object.entries(values)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

test('HTTP_PROXY and NO_PROXY are kept through undici’s EnvHttpProxyAgent', async () => {
  const server = await startServer((_, response) => answer(response, 200, 'through'))
  const proxy = await startProxy()
  const port = new URL(server.url).port
  useEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: 'localhost' })
  const agent = new EnvHttpProxyAgent({ proxyTunnel: true })
  onTestFinished(() => agent.close())
  const client = createClient({ fetch: fetchThrough(agent), preRequest: [stampSigner()] })

  const response = await client.send({
    method: 'POST',
    url: `http://api.example.com:${port}/`,
    body: { text: 'a' },
  })
  expect(await response.text()).toBe('through')
  expect(proxy.connected).toEqual([`api.example.com:${port}`])
  expect(server.received[0]?.headers).toMatchObject({ host: `api.example.com:${port}` })
  expect(server.received[0]?.headers['x-stamp']).toBeDefined()

  await client.send({ method: 'GET', url: `http://localhost:${port}/` }).catch(() => undefined)
  expect(proxy.connected).toHaveLength(1)
})

test.runIf(isPresent('openssl'))(
  'HTTPS_PROXY, an own certificate authority and a client certificate',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ez-client-'))
    const run = (...parameters: string[]): void => {
      execFileSync('openssl', parameters, { cwd: folder, stdio: 'ignore' })
    }
    const file = (name: string): Buffer => readFileSync(join(folder, name))
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    run('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Own authority')
    for (const [name, subject] of [
      ['server', '/CN=api.example.com'],
      ['client', '/CN=integration'],
    ] as const) {
      run(
      'req', '-x509', ...key, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-keyout', `${name}.key`, '-out', `${name}.pem`,
      '-subj', subject, '-addext', 'subjectAltName=DNS:api.example.com', '-addext', 'basicConstraints=critical,CA:FALSE',
    ) // biome-ignore format: a command line
    }
    const server = createTlsServer(
      {
        key: file('server.key'),
        cert: file('server.pem'),
        ca: file('ca.pem'),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        response.end(`hello ${(request.socket as TLSSocket).getPeerCertificate().subject.CN}`)
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    const proxy = await startProxy()
    useEnvironment({ HTTPS_PROXY: proxy.url })
    const url = `https://api.example.com:${port}/`

    const agent = new EnvHttpProxyAgent({
      requestTls: { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') },
    })
    onTestFinished(() => agent.close())
    const response = await createClient({ fetch: fetchThrough(agent) }).send({ method: 'GET', url })
    expect(await response.text()).toBe('hello integration')
    expect(proxy.connected).toEqual([`api.example.com:${port}`])

    // Without the authority: a certificate does not become right by asking again.
    const plain = new Agent({
      connect: { lookup: (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
    })
    onTestFinished(() => plain.close())
    const retried: number[] = []
    const strict = createClient({
      fetch: fetchThrough(plain),
      hooks: { beforeRetry: () => void retried.push(1) },
    })
    await expect(strict.send({ method: 'GET', url })).rejects.toMatchObject({
      code: 'EZ_NETWORK',
      message: expect.stringMatching(/certificates/),
    })
    expect(retried).toEqual([])
  },
)
