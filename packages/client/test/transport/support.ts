import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { type Client, type ClientOptions, createClient } from '../../src/index.ts'

/** The two ways to send: with npm's undici, and through the runtime's `fetch`. */
export const transports = ['dispatcher', 'fetch'] as const

/** A client that sends one way. */
export function clientOver(transport: (typeof transports)[number], options: ClientOptions = {}): Client {
  return createClient({
    retry: false,
    ...(transport === 'fetch' ? { fetch: (input, init) => fetch(input, init) } : {}),
    ...options,
  })
}

/** What a raw server received on a connection, so far. */
export interface Connection {
  readonly socket: Socket
  readonly received: Buffer
  /** Waits until the request's head has come, and so many bytes of its body. */
  request(bodyBytes?: number): Promise<void>
}

export interface RawServer {
  readonly url: string
  readonly port: number
  readonly connections: Connection[]
}

/** A server without any idea of HTTP: it is handed each connection. */
export async function startRawServer(
  handle: (connection: Connection, number: number) => void | Promise<void>,
): Promise<RawServer> {
  const connections: Connection[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: false }, (socket) => {
    sockets.add(socket)
    const chunks: Buffer[] = []
    const wakes = new Set<() => void>()
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      for (const wake of wakes) wake()
    })
    socket.on('error', () => undefined)
    const connection: Connection = {
      socket,
      get received() {
        return Buffer.concat(chunks)
      },
      request: (bodyBytes = 0) =>
        new Promise<void>((resolve) => {
          const check = (): void => {
            const end = connection.received.indexOf('\r\n\r\n')
            if (end < 0 || connection.received.length < end + 4 + bodyBytes) return
            wakes.delete(check)
            chunks.splice(0, chunks.length, connection.received)
            resolve()
          }
          wakes.add(check)
          check()
        }),
    }
    connections.push(connection)
    void handle(connection, connections.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, connections }
}
