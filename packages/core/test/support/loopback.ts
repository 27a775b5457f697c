import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** A request exactly as it came over the wire. */
export interface RawRequest {
  readonly requestLine: string
  /** In order, names and values byte for byte (as latin1). */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Buffer
}

/** A server on loopback that keeps what arrives, byte for byte, and answers 204. */
export class RawServer {
  readonly received: RawRequest[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    let buffered = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk])
      for (;;) {
        const request = take(buffered)
        if (!request) return
        buffered = buffered.subarray(request.length)
        this.received.push(request.request)
        socket.write('HTTP/1.1 204 No Content\r\n\r\n')
      }
    })
  }
}

function take(buffered: Buffer): { request: RawRequest; length: number } | undefined {
  const end = buffered.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [requestLine = '', ...lines] = buffered.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')] as const
  })
  const value = (name: string): string | undefined =>
    headers.find(([known]) => known.toLowerCase() === name)?.[1]
  if (value('transfer-encoding') === 'chunked') {
    const chunks: Buffer[] = []
    let position = end + 4
    for (;;) {
      const line = buffered.indexOf('\r\n', position)
      if (line < 0) return undefined
      const size = Number.parseInt(buffered.subarray(position, line).toString('latin1'), 16)
      if (buffered.length < line + 2 + size + 2) return undefined
      chunks.push(buffered.subarray(line + 2, line + 2 + size))
      position = line + 2 + size + 2
      if (size === 0)
        return { request: { requestLine, headers, body: Buffer.concat(chunks) }, length: position }
    }
  }
  const length = end + 4 + Number(value('content-length') ?? 0)
  if (buffered.length < length) return undefined
  return { request: { requestLine, headers, body: buffered.subarray(end + 4, length) }, length }
}
