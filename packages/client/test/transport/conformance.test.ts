import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { caught } from '../support/caught.ts'
import { answer, startServer } from '../support/server.ts'
import { clientOver, startRawServer, transports } from './support.ts'

describe.each(transports)('over %s', (transport) => {
  test.each([200, 201, 204, 304, 400, 404, 418, 500, 599])('status %i is an answer', async (status) => {
    const server = await startServer((_, response) =>
      answer(response, status, status === 204 || status === 304 ? '' : 'text', { 'x-one': '1' }),
    )
    const response = await clientOver(transport).send({ method: 'GET', url: `${server.url}/a?b=c` })
    expect(response).toMatchObject({
      status,
      ok: status < 300,
      url: `${server.url}/a?b=c`,
      redirected: false,
      bodyUsed: false,
    })
    expect(response.headers.get('x-one')).toBe('1')
    expect(response.body === null).toBe(status === 204 || status === 304)
    expect(await response.text()).toBe(status === 204 || status === 304 ? '' : 'text')
    expect(response.bodyUsed).toBe(true)
  })

  test('a HEAD has no body, whatever its length says', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '500', 'content-encoding': 'gzip' }).end()
    })
    const response = await clientOver(transport).send({ method: 'HEAD', url: server.url })
    expect([response.status, response.body]).toEqual([200, null])
    expect(await response.text()).toBe('')
  })

  test('an early hint is no answer', async () => {
    const server = await startServer((_, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      answer(response, 200, 'after the hint')
    })
    const response = await clientOver(transport).send({ method: 'GET', url: server.url })
    expect([response.status, await response.text()]).toEqual([200, 'after the hint'])
  })

  test('headers are read as fetch reads them: repeated ones, cookies, bytes beyond ASCII', async () => {
    const server = await startRawServer(async ({ socket, request }) => {
      await request()
      socket.end(
        Buffer.from(
          'HTTP/1.1 200 Fine then\r\nX-A: 1\r\nx-a: 2\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Bytes: caf\u00e9\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok',
          'latin1',
        ),
      )
    })
    const response = await clientOver(transport).send({ method: 'GET', url: server.url })
    expect(response.statusText).toBe('Fine then')
    expect(response.headers.get('x-a')).toBe('1, 2')
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.get('x-bytes')).toBe('caf\u00e9')
    expect(await response.text()).toBe('ok')
  })

  test('the bytes on the wire are those of the sealed request', async () => {
    const server = await startRawServer(async ({ socket, request }) => {
      await request(4)
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
    const body = new Uint8Array([0, 255, 10, 13])
    await clientOver(transport).send({
      method: 'PATCH',
      url: `${server.url}/a%2Fb;c/é?x=%2B&y=a+b&z`,
      headers: { 'x-own': 'a  b', 'content-type': 'application/octet-stream' },
      body: { bytes: body },
    })
    const received = server.connections[0]?.received as Buffer
    const head = received.subarray(0, received.indexOf('\r\n\r\n')).toString('latin1').split('\r\n')
    expect(head[0]).toBe('PATCH /a%2Fb;c/%C3%A9?x=%2B&y=a+b&z HTTP/1.1')
    expect(head).toContain('x-own: a  b')
    expect(head).toContain('content-type: application/octet-stream')
    expect(head).toContain('content-length: 4')
    expect(head.filter((line) => /^host:/i.test(line))).toEqual([`host: 127.0.0.1:${server.port}`])
    expect(received.subarray(-4)).toEqual(Buffer.from(body))
  })

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['gzip, br', (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
    ...(transport === 'dispatcher' ? [['zstd', zstdCompressSync] as const] : []),
  ] as const)('a body packed with %s is unpacked, in memory and as a stream', async (coding, pack) => {
    const text = 'Orders of yesterday. '.repeat(5000)
    const packed = pack(Buffer.from(text))
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-encoding': coding, 'content-length': packed.length }).end(packed)
    })
    for (const bufferBytes of [4_194_304, 100, 0]) {
      const response = await clientOver(transport, { bufferBytes }).send({ method: 'GET', url: server.url })
      expect(await response.text()).toBe(text)
    }
  })

  test('a packed body that is spoilt is a coded error', async () => {
    const packed = gzipSync('x'.repeat(100_000))
    packed.fill(0xff, 20, 40)
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    const error = await caught(clientOver(transport).send({ method: 'GET', url: server.url }))
    expect(error.code).toBe('EZ_RESPONSE_INCOMPLETE')
  })

  test('maxResponseBytes bounds what a small packed body grows to, buffered and streamed', async () => {
    const packed = gzipSync(Buffer.alloc(50_000_000))
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    const bounded = clientOver(transport, { maxResponseBytes: 1_000_000 })
    expect((await caught(bounded.send({ method: 'GET', url: server.url }))).code).toBe(
      'EZ_RESPONSE_TOO_LARGE',
    )
    const streamed = await bounded.send({ method: 'GET', url: server.url }, { bufferBytes: 1000 })
    const reading = (async () => {
      for await (const _ of streamed.body as ReadableStream<Uint8Array>);
    })()
    expect((await caught(reading)).code).toBe('EZ_RESPONSE_TOO_LARGE')
  })

  test('an answer that breaks off, by length or by chunks, is a coded error', async () => {
    for (const head of [
      'content-length: 100\r\n\r\nhalf',
      'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    ]) {
      const server = await startRawServer(async ({ socket, request }) => {
        await request()
        socket.end(`HTTP/1.1 200 OK\r\n${head}`)
      })
      const error = await caught(clientOver(transport).send({ method: 'GET', url: server.url }))
      expect([error.code, error.details.status]).toEqual(['EZ_RESPONSE_INCOMPLETE', 200])
    }
  })

  test('no answer, half a head and no HTTP at all are EZ_NETWORK', async () => {
    for (const text of ['', 'HTTP/1.1 200 OK\r\nx-a', 'SSH-2.0-OpenSSH_9.2\r\n']) {
      const server = await startRawServer(async ({ socket, request }) => {
        await request()
        socket.end(text)
      })
      const error = await caught(clientOver(transport).send({ method: 'GET', url: server.url }))
      expect(error.code).toBe('EZ_NETWORK')
    }
  })

  test('a connection is used again, and one after a broken answer is new', async () => {
    const server = await startServer((received, response) => {
      if (received.path === '/broken') response.destroy()
      else answer(response, 200, 'whole')
    })
    const client = clientOver(transport)
    for (let count = 0; count < 6; count += 1)
      await (await client.send({ method: 'GET', url: server.url })).text()
    // The next request may come before the connection of the one before is free.
    expect(new Set(server.received.map(({ request }) => request.socket)).size).toBeLessThanOrEqual(2)
    await caught(client.send({ method: 'GET', url: `${server.url}/broken` }))
    expect(await (await client.send({ method: 'GET', url: server.url })).text()).toBe('whole')
  })

  test('an answer before the end of a large upload is an answer', async () => {
    const server = await startRawServer(async ({ socket, request }) => {
      await request()
      socket.write('HTTP/1.1 413 Payload Too Large\r\ncontent-length: 8\r\nconnection: close\r\n\r\ntoo long')
    })
    let cancelled = false
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => {
          cancelled = true
        },
      })
    const response = await clientOver(transport).send({ method: 'PUT', url: server.url, body: { stream } })
    expect([response.status, await response.text()]).toEqual([413, 'too long'])
    // Node's own fetch never lets go of it.
    if (transport === 'dispatcher') await expect.poll(() => cancelled).toBe(true)
  })

  test('a large upload is read no faster than it is sent, and arrives whole', async () => {
    let produced = 0
    const total = 400
    const part = Buffer.alloc(65_536, 7)
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream(
        {
          pull(controller) {
            if (produced === total) controller.close()
            else {
              produced += 1
              controller.enqueue(new Uint8Array(part))
            }
          },
        },
        { highWaterMark: 0 },
      )
    let producedWhileStopped = 0
    const server = await startRawServer(async ({ socket, request }) => {
      await request()
      socket.pause()
      await new Promise((resolve) => setTimeout(resolve, 300))
      producedWhileStopped = produced
      socket.resume()
      socket.on('data', () => undefined)
    })
    const sending = clientOver(transport).send({
      method: 'PUT',
      url: server.url,
      body: { stream, length: total * part.length },
    })
    await expect.poll(() => produced, { timeout: 30_000 }).toBe(total)
    expect(producedWhileStopped).toBeLessThan(total)
    const connection = server.connections[0]
    if (!connection) throw new Error('no connection')
    const text = (): string => connection.received.subarray(0, 1000).toString('latin1')
    const chunked = /transfer-encoding: chunked/i.test(text())
    // The length of a stream is known, and undici is told it; fetch cannot be.
    expect(chunked).toBe(transport === 'fetch')
    if (!chunked) expect(text()).toMatch(new RegExp(`content-length: ${total * part.length}\r\n`))
    await expect
      .poll(() => createHash('sha256').update(bodyOf(connection.received, chunked)).digest('hex'), {
        timeout: 30_000,
      })
      .toBe(
        createHash('sha256')
          .update(Buffer.alloc(total * part.length, 7))
          .digest('hex'),
      )
    connection.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    expect((await sending).status).toBe(200)
  })

  test('a source that breaks off in an upload is a coded error, and half a body is never a whole request', async () => {
    let parts = 0
    const server = await startServer((_, response) => answer(response, 200))
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          parts += 1
          if (parts === 3) controller.error(new Error('the disk is gone'))
          else controller.enqueue(new Uint8Array(1000))
        },
      })
    const error = await caught(
      clientOver(transport).send({ method: 'PUT', url: server.url, body: { stream } }),
    )
    expect(error.code).toBe('EZ_NETWORK')
    expect(server.received).toEqual([])
  })

  test('a time-out before the answer, in it, and between two parts of a stream', async () => {
    const server = await startServer((received, response) => {
      if (received.path === '/silent') return
      response.writeHead(200)
      response.write('x'.repeat(received.path === '/half' ? 10 : 5000))
    })
    const client = clientOver(transport, { timeoutMs: 60_000 })
    // What sends is loaded first: that takes longer than the time-out.
    await (
      await client.send({ method: 'GET', url: `${server.url}/stream` }, { bufferBytes: 0 })
    ).body?.cancel()
    for (const path of ['/silent', '/half'])
      expect(
        (await caught(client.send({ method: 'GET', url: server.url + path }, { timeoutMs: 100 }))).code,
      ).toBe('EZ_TIMEOUT')
    const response = await client.send(
      { method: 'GET', url: `${server.url}/stream` },
      { timeoutMs: 1000, bufferBytes: 1000 },
    )
    expect((await caught(response.text())).code).toBe('EZ_TIMEOUT')
  })

  test('an abort before, while waiting, and in a stream; nothing is left that listens', async () => {
    const server = await startServer((received, response) => {
      if (received.path === '/silent') return
      response.writeHead(200)
      response.write('x'.repeat(5000))
    })
    const client = clientOver(transport, { bufferBytes: 1000 })
    await (await client.send({ method: 'GET', url: `${server.url}/stream` })).body?.cancel()
    const over = AbortSignal.abort(new Error('enough'))
    expect((await caught(client.send({ method: 'GET', url: server.url }, { signal: over }))).code).toBe(
      'EZ_ABORTED',
    )
    const waiting = new AbortController()
    const pending = caught(
      client.send({ method: 'GET', url: `${server.url}/silent` }, { signal: waiting.signal }),
    )
    await expect.poll(() => server.received.length).toBe(2)
    waiting.abort()
    expect((await pending).code).toBe('EZ_ABORTED')
    const streaming = new AbortController()
    const response = await client.send(
      { method: 'GET', url: `${server.url}/s` },
      { signal: streaming.signal },
    )
    const reading = caught(response.text())
    streaming.abort()
    expect((await reading).code).toBe('EZ_ABORTED')
    await expect.poll(() => server.sockets.size).toBe(0)
  })

  test('a body that nobody reads frees its connection when it is cancelled', async () => {
    const server = await startServer((_, response) => {
      response.writeHead(200)
      const fill = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', fill)
      fill()
    })
    const response = await clientOver(transport, { bufferBytes: 1000 }).send({
      method: 'GET',
      url: server.url,
    })
    await response.body?.cancel()
    await expect.poll(() => server.sockets.size).toBe(0)
  })

  test('an endless answer is held back while nobody reads', async () => {
    let sent = 0
    const server = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const fill = (): void => {
        while (!response.destroyed && sent < 500_000_000) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) return
        }
      }
      response.on('drain', fill)
      fill()
    })
    const response = await clientOver(transport).send({ method: 'GET', url: server.url })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const held = sent
    expect(held).toBeLessThan(100_000_000)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    let read = 0
    while (read < held + 1_000_000) read += (await reader.read()).value?.length ?? 0
    expect(sent).toBeGreaterThan(held)
    await reader.cancel()
  })

  test('an answer becomes a standard Response, whose attempts are known, and counts as read then', async () => {
    const { attemptsOf } = await import('../../src/index.ts')
    const server = await startServer((_, response) =>
      answer(response, 202, { a: 1 }, { 'set-cookie': ['a=1', 'b=2'] }),
    )
    for (const bufferBytes of [1000, 0]) {
      const response = await clientOver(transport, { bufferBytes }).send({ method: 'GET', url: server.url })
      const standard = response.toResponse()
      expect(standard).toBeInstanceOf(Response)
      expect([standard.status, standard.url]).toEqual([202, `${server.url}/`])
      expect(standard.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
      expect(attemptsOf(standard)).toHaveLength(1)
      expect(response.bodyUsed).toBe(true)
      expect((await caught(response.json())).code).toBe('EZ_BODY_INVALID')
      expect(await standard.json()).toEqual({ a: 1 })
    }
  })

  test('what was received is there for a diagnosis, and the answer is still unread', async () => {
    const server = await startServer((_, response) => answer(response, 403, 'refused', { 'x-one': '1' }))
    const response = await clientOver(transport).send({ method: 'GET', url: server.url })
    expect(response.received?.status).toBe(403)
    expect(Buffer.from(response.received?.body ?? []).toString()).toBe('refused')
    expect(response.received?.headers).toContainEqual(['x-one', '1'])
    expect([response.bodyUsed, await response.text()]).toEqual([false, 'refused'])
    const long = await clientOver(transport, { bufferBytes: 0, retry: false }).send(
      { method: 'GET', url: server.url },
      { maxResponseBytes: 1000 },
    )
    // Of a refusal enough is received to say why.
    expect(long.received?.body.length).toBe(7)
    const big = await startServer((_, out) => answer(out, 200, 'x'.repeat(5000)))
    const streamed = await clientOver(transport, { bufferBytes: 1000 }).send({ method: 'GET', url: big.url })
    expect([streamed.received, (await streamed.text()).length]).toEqual([undefined, 5000])
  })

  test('bytes and arrayBuffer hold the body and nothing else of the connection', async () => {
    const server = await startServer((_, response) => answer(response, 200, 'body'))
    const client = clientOver(transport)
    const bytes = await (await client.send({ method: 'GET', url: server.url })).bytes()
    expect([bytes.constructor, bytes.buffer.byteLength]).toEqual([Uint8Array, 4])
    const buffer = await (await client.send({ method: 'GET', url: server.url })).arrayBuffer()
    expect(new TextDecoder().decode(buffer)).toBe('body')
  })
})

function bodyOf(received: Buffer, chunked: boolean): Buffer {
  const body = received.subarray(received.indexOf('\r\n\r\n') + 4)
  if (!chunked) return body
  const parts: Buffer[] = []
  let position = 0
  for (;;) {
    const end = body.indexOf('\r\n', position)
    if (end < 0) break
    const length = Number.parseInt(body.subarray(position, end).toString('latin1'), 16)
    if (!(length > 0)) break
    parts.push(body.subarray(end + 2, end + 2 + length))
    position = end + 2 + length + 2
  }
  return Buffer.concat(parts)
}
