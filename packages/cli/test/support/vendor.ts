import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a vendor received it. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly json?: unknown
}

/** An HTTP server on loopback whose answers a test says; it notes what it received. */
export interface Vendor {
  readonly base: string
  readonly port: number
  readonly received: Received[]
  handle: (request: Received, number: number) => Reply | Promise<Reply>
  close(): Promise<void>
}

export async function startVendor(handle: Vendor['handle'] = () => ({ json: {} })): Promise<Vendor> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    received.push({ method, url, headers, body: Buffer.concat(chunks) })
    const reply = await vendor.handle(received.at(-1) as Received, received.length)
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
    response.end(reply.body ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const vendor: Vendor = {
    base: `http://127.0.0.1:${port}`,
    port,
    received,
    handle,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return vendor
}
