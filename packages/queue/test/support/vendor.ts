import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request as the vendor saw it. */
export interface Seen {
  readonly at: number
  readonly row: number
  readonly account: string
  readonly headers: IncomingMessage['headers']
}

/** A vendor on loopback that counts: `/<account>/<row>`. */
export interface Vendor {
  readonly url: string
  readonly seen: Seen[]
  /** How the next ones are answered; by default with 200. */
  answer: (seen: Seen) => { status: number; headers?: Record<string, string> } | undefined
  delayMs: number
  close(): void
}

export async function startVendor(): Promise<Vendor> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const [, account = '', row = '0'] = (request.url ?? '').split('/')
      const one = { at: Date.now(), row: Number(row), account, headers: request.headers }
      seen.push(one)
      const { status, headers } = vendor.answer(one) ?? { status: 200 }
      const send = (): void => void response.writeHead(status, headers).end('{"ok":true}')
      if (vendor.delayMs > 0) setTimeout(send, vendor.delayMs)
      else send()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const vendor: Vendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: () => undefined,
    delayMs: 0,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return vendor
}
