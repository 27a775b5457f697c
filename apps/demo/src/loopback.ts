import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answer, endpoints } from './endpoints/index.ts'

/** The vendors' endpoints on one port of this machine. */
export interface Loopback {
  /** Such as `http://127.0.0.1:8787`. */
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the vendors' endpoints on 127.0.0.1; the path tells whose request it is.
 *
 * @param port 0 for any that is free
 */
export async function serveLoopback(port: number, now: () => Date): Promise<Loopback> {
  const server = createServer((incoming, outgoing) => {
    respond(incoming, now)
      .then((response) => write(response, outgoing))
      .catch((error: unknown) => {
        outgoing.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
        outgoing.end(`${error instanceof Error ? error.message : String(error)}\n`)
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function respond(incoming: IncomingMessage, now: () => Date): Promise<Response> {
  const { method = 'GET', url: target = '/', headers } = incoming
  const url = `http://${headers.host ?? '127.0.0.1'}${target}`
  const endpoint = endpoints.find(({ paths }) => paths.test(new URL(url).pathname))
  const body = await readBody(incoming)
  if (!endpoint) return new Response('No vendor answers here.\n', { status: 404 })
  const request = new Request(url, {
    method,
    headers: receivedHeaders(incoming.rawHeaders),
    body: body.length > 0 ? body : null,
  })
  // The URL as it came: what `Request` makes of it need not be what was signed.
  return answer(endpoint, request, { now, url })
}

// A header that came twice stays two, so that a verifier can refuse it.
function receivedHeaders(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let index = 0; index < raw.length; index += 2)
    pairs.push([raw[index] as string, raw[index + 1] as string])
  return pairs
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array)
  return new Uint8Array(Buffer.concat(chunks))
}

async function write(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, response.statusText, [...response.headers].flat())
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
}
