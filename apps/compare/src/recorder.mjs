// Keeps what clients send, byte for byte, and answers each with the same JSON.
import { createServer } from 'node:net'

/**
 * @typedef {{ line: string, headers: [string, string][], body: Buffer }} Recorded
 */

const answer = '{"ok":true,"token":"t0ken","id":7,"list":[{"a":1}]}'
const response = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`

/** Starts a recorder. @returns {Promise<{ port: number, take(): Recorded[], close(): void }>} */
export async function startRecorder() {
  /** @type {Recorded[]} */
  let recorded = []
  const sockets = new Set()
  const server = createServer((socket) => {
    sockets.add(socket)
    let pending = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        const found = readRequest(pending)
        if (!found) return
        pending = pending.subarray(found.length)
        recorded.push(found.request)
        socket.write(response)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    port,
    take() {
      const taken = recorded
      recorded = []
      return taken
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** @param {Buffer} bytes @returns {{ request: Recorded, length: number } | undefined} */
function readRequest(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const [line = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((text) => {
    const colon = text.indexOf(':')
    return /** @type {[string, string]} */ ([text.slice(0, colon), text.slice(colon + 1).trim()])
  })
  const headerOf = (/** @type {string} */ name) => headers.find(([one]) => one.toLowerCase() === name)?.[1]
  if (headerOf('transfer-encoding') === 'chunked') {
    const whole = unchunk(bytes, end + 4)
    return whole && { request: { line, headers, body: whole.body }, length: whole.length }
  }
  const length = end + 4 + Number(headerOf('content-length') ?? 0)
  if (bytes.length < length) return undefined
  return { request: { line, headers, body: bytes.subarray(end + 4, length) }, length }
}

/** @param {Buffer} bytes @param {number} from @returns {{ body: Buffer, length: number } | undefined} */
function unchunk(bytes, from) {
  const parts = []
  for (let place = from; ; ) {
    const end = bytes.indexOf('\r\n', place)
    if (end === -1) return undefined
    const size = Number.parseInt(bytes.subarray(place, end).toString('latin1'), 16)
    place = end + 2 + size + 2
    if (bytes.length < place) return undefined
    if (size === 0) return { body: Buffer.concat(parts), length: place }
    parts.push(bytes.subarray(end + 2, end + 2 + size))
  }
}
