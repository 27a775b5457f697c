import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface LoopbackServer {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly host: string
  readonly received: Received[]
  close(): Promise<void>
}

/** A server on loopback that keeps what it received. */
export async function listen(
  answer: (request: Received, response: ServerResponse) => void | Promise<void> = (_request, response) =>
    void response.end('{"ok":true}'),
): Promise<LoopbackServer> {
  const received: Received[] = []
  const server = createServer(async (message, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of message) chunks.push(chunk as Buffer)
    const request = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: Buffer.concat(chunks),
    }
    received.push(request)
    await answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A URL on loopback where nothing listens any more. */
export async function closedUrl(): Promise<string> {
  const server = await listen()
  await server.close()
  return server.url
}
