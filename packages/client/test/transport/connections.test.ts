import { once } from 'node:events'
import { createServer as createProxy, request as httpRequest } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createClient } from '../../src/index.ts'
import { proxiesOf } from '../../src/transport/dispatcher/proxies.ts'
import { caught } from '../support/caught.ts'
import { createCertificates, openssl } from '../support/certificates.ts'
import { answer, startServer } from '../support/server.ts'
import { stampSigner } from '../support/signers.ts'

interface Proxy {
  readonly url: string
  readonly host: string
  /** Hosts that it was asked to connect to, and URLs that it was asked for. */
  readonly asked: string[]
  connections: number
}

/** A proxy that tunnels, and forwards what comes in absolute form; every name leads to this machine. */
async function startProxy(refuse?: 'close' | number): Promise<Proxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const proxy = createProxy((message, response) => {
    asked.push(`${message.method} ${message.url}`)
    if (refuse === 'close') message.socket.destroy()
    else if (refuse !== undefined) response.writeHead(refuse).end()
    else {
      const { port, pathname, search } = new URL(message.url ?? '')
      message.pipe(
        httpRequest(
          {
            host: '127.0.0.1',
            port,
            path: pathname + search,
            method: message.method,
            headers: message.headers,
          },
          (answered) => {
            response.writeHead(answered.statusCode ?? 500, answered.headers)
            answered.pipe(response)
          },
        ),
      )
    }
  })
  const found: Proxy = { url: '', host: '', asked, connections: 0 }
  proxy.on('connection', () => {
    found.connections += 1
  })
  proxy.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    if (refuse !== undefined) {
      if (refuse === 'close') client.destroy()
      else client.end(`HTTP/1.1 ${refuse} Refused\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const upstream = connect(Number((request.url ?? '').split(':')[1]), '127.0.0.1', () => {
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
  const host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return Object.assign(found, { url: `http://${host}`, host })
}

async function startTlsServer(file: (name: string) => Buffer): Promise<number> {
  const server = createTlsServer(
    {
      key: file('server.key'),
      cert: file('server.pem'),
      ca: file('ca.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      const socket = request.socket as TLSSocket & { servername?: string }
      response.end(
        `${socket.getPeerCertificate().subject.CN} at ${request.headers.host} as ${socket.servername}`,
      )
    },
  )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

test('an http URL goes to the proxy in absolute form, signed for its own host', async () => {
  const server = await startServer((_, response) => answer(response, 200, 'through'))
  const proxy = await startProxy()
  const port = new URL(server.url).port
  const client = createClient({ proxy: proxy.host, preRequest: [stampSigner()] })
  const response = await client.send({
    method: 'POST',
    url: `http://api.example.com:${port}/a?b=c`,
    body: { text: 'a' },
  })
  expect(await response.text()).toBe('through')
  expect(proxy.asked).toEqual([`POST http://api.example.com:${port}/a?b=c`])
  expect(server.received[0]).toMatchObject({ body: 'a', headers: { host: `api.example.com:${port}` } })
  expect(server.received[0]?.headers['x-stamp']).toBeDefined()
})

test('the environment names the proxies as curl reads them, and scripts go through them too', async () => {
  const server = await startServer((_, response) => answer(response, 200, 'through'))
  const proxy = await startProxy()
  const port = new URL(server.url).port
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
    vi.stubEnv(name, undefined)
    vi.stubEnv(name.toUpperCase(), undefined)
  }
  vi.stubEnv('ALL_PROXY', proxy.host)
  vi.stubEnv('NO_PROXY', '127.0.0.1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const client = createClient({
    proxy: 'environment',
    preRequest: [
      {
        specVersion: 1,
        id: 'token',
        run: async (_, { fetch: send }) =>
          void (await (await send(`http://token.example.com:${port}/`)).text()),
      },
    ],
  })
  await client.send({ method: 'GET', url: `http://api.example.com:${port}/` })
  await client.send({ method: 'GET', url: `http://127.0.0.1:${port}/direct` })
  expect(proxy.asked).toEqual([
    `GET http://token.example.com:${port}/`,
    `GET http://api.example.com:${port}/`,
    `GET http://token.example.com:${port}/`,
  ])
  expect(server.received.some(({ path }) => path === '/direct')).toBe(true)
})

const proxyCases: readonly [string, Record<string, string>, ReturnType<typeof proxiesOf>][] = [
  ['nothing', {}, undefined],
  ['only no_proxy', { no_proxy: 'a' }, undefined],
  [
    'http alone does not serve https',
    { HTTP_PROXY: 'http://a:1' },
    { http: 'http://a:1/', https: undefined, except: '' },
  ],
  [
    'lower case wins, all_proxy fills in',
    { http_proxy: 'a:1', HTTP_PROXY: 'b:1', ALL_PROXY: 'https://c' },
    { http: 'http://a:1/', https: 'https://c/', except: '' },
  ],
  [
    'an empty one is none',
    { https_proxy: '', HTTPS_PROXY: 'u:p@a:1' },
    { http: undefined, https: 'http://u:p@a:1/', except: '' },
  ],
]
test.each(proxyCases)('proxies of the environment: %s', (_, environment, expected) => {
  expect(proxiesOf('environment', environment)).toEqual(expected)
})

test('a proxy of another kind is refused without its password', () => {
  for (const text of ['socks5://user:example-word@a:1', 'ftp://user:example-word@a']) {
    const error = (() => {
      try {
        proxiesOf(text)
      } catch (thrown) {
        return thrown as { code: string; message: string }
      }
      return undefined
    })()
    expect(error?.code).toBe('EZ_OPTION_INVALID')
    expect(error?.message).not.toContain('example-word')
  }
})

test.each(['close', 407, 502] as const)(
  'a proxy that refuses (%s) is a coded error after one connection',
  async (how) => {
    const proxy = await startProxy(how)
    const client = createClient({ proxy: proxy.url, retry: false })
    const error = await caught(client.send({ method: 'GET', url: 'https://api.example.com/' }))
    expect(error.code).toBe('EZ_NETWORK')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(proxy.connections).toBeLessThanOrEqual(2)
  },
)

test.runIf(openssl)(
  'an own authority and a client certificate serve directly, through a proxy, and in a tunnel',
  async () => {
    const file = createCertificates()
    const port = await startTlsServer(file)
    const proxy = await startProxy()
    const url = `https://api.example.com:${port}/`
    const tls = { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') }
    const expected = `integration at api.example.com:${port} as api.example.com`

    const proxied = createClient({ proxy: proxy.url, tls, retry: false })
    expect(await (await proxied.send({ method: 'GET', url })).text()).toBe(expected)
    expect(proxy.asked).toEqual([`CONNECT api.example.com:${port}`])

    const led = createClient({
      connectTo: `127.0.0.1:${port}`,
      tls,
      retry: false,
      preRequest: [stampSigner()],
    })
    // The port of the URL is the request's own: Host and signature name it.
    const response = await led.send({ method: 'GET', url: 'https://api.example.com/' })
    expect(await response.text()).toBe('integration at api.example.com as api.example.com')

    const wrongName = await caught(led.send({ method: 'GET', url: 'https://other.example.com/' }))
    expect(wrongName).toMatchObject({
      code: 'EZ_NETWORK',
      details: { system: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
    const wrongAddress = await caught(led.send({ method: 'GET', url: 'https://192.0.2.1/' }))
    expect(wrongAddress).toMatchObject({
      code: 'EZ_NETWORK',
      details: { system: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
    const unknown = createClient({ connectTo: `127.0.0.1:${port}`, retry: false })
    expect((await caught(unknown.send({ method: 'GET', url }))).message).toMatch(/certificates/)
  },
)

test('connectTo is told by the trace, and dropped when a redirect leaves the origin', async () => {
  const elsewhere = await startServer((_, response) => answer(response, 200, 'elsewhere'))
  const server = await startServer((received, response) =>
    received.path === '/away'
      ? answer(response, 302, '', { location: `${elsewhere.url}/target` })
      : received.path === '/again'
        ? answer(response, 302, '', { location: '/here' })
        : answer(response, 200, received.headers.host),
  )
  const { attemptsOf } = await import('../../src/index.ts')
  const client = createClient({ connectTo: server.host, redirect: 'follow' })
  const again = await client.send({ method: 'GET', url: 'http://api.example.com/again' })
  expect(await again.text()).toBe('api.example.com')
  expect(again.redirected).toBe(true)
  expect(attemptsOf(again)[0]?.prepared.trace).toContainEqual({
    step: 'connect-to',
    id: 'log',
    value: `The connection goes to ${server.host}.`,
  })
  const away = await client.send({ method: 'GET', url: 'http://api.example.com/away' })
  expect(await away.text()).toBe('elsewhere')
  expect(elsewhere.received[0]?.headers.host).toBe(elsewhere.host)
})

test('connectTo may be asked for each URL', async () => {
  const server = await startServer((received, response) => answer(response, 200, received.headers.host))
  const client = createClient({
    connectTo: (url) => (new URL(url).hostname === 'api.example.com' ? server.host : undefined),
  })
  expect(await (await client.send({ method: 'GET', url: 'http://api.example.com/' })).text()).toBe(
    'api.example.com',
  )
  expect(await (await client.send({ method: 'GET', url: server.url })).text()).toBe(server.host)
})

test('wishes for a connection that nobody can fulfil are refused before anything is sent', async () => {
  const prepared: string[] = []
  const signer = stampSigner()
  const watched = {
    ...signer,
    sign: (...all: Parameters<typeof signer.sign>) => {
      prepared.push('signed')
      return signer.sign(...all)
    },
  }
  const template = { method: 'GET', url: 'http://127.0.0.1:9/' }
  for (const options of [{ connectTo: '127.0.0.1:1' }, { proxy: 'a:1' }, { tls: {} }]) {
    const client = createClient({ ...options, fetch, preRequest: [watched] })
    expect((await caught(client.send(template))).code).toBe('EZ_OPTION_INVALID')
  }
  expect(() => createClient({ proxy: 'a:1', connectTo: 'b:1' })).toThrow(/connectTo/)
  expect(() => createClient({ connectTo: 'no-port' })).toThrow(/connectTo/)
  expect(() => createClient({ tls: { cert: 'a' } })).toThrow(/belong together/)
  expect(prepared).toEqual([])
})
