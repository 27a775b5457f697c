import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EzError } from '@ez/core'

/** A listener on loopback to which the server sends the browser back. */
export interface Callback {
  readonly redirectUri: string
  /** The parameters of the first answer at the redirect address. */
  readonly answer: Promise<URLSearchParams>
  /** Tells the browser's window how the login ended, and stops listening. */
  end(message: string): void
}

/**
 * Listens for the answer of an authorization server.
 *
 * Source: RFC 8252 section 7.3: loopback address, a free port. With a `redirectUri` that was registered with its port,
 * exactly that.
 *
 * @throws EZ_OPTION_INVALID when the registered port is taken
 */
export async function listenForAnswer(id: string, registered: string | undefined): Promise<Callback> {
  const wanted = new URL(registered ?? 'http://127.0.0.1/callback')
  let finish: (message: string) => void = () => {}
  let resolve: (parameters: URLSearchParams) => void = () => {}
  const answer = new Promise<URLSearchParams>((done) => {
    resolve = done
  })
  const ended = new Promise<string>((done) => {
    finish = done
  })
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', wanted.origin)
    // Browsers ask for icons too; and one answer is enough.
    if (request.method !== 'GET' || url.pathname !== wanted.pathname) {
      response.writeHead(404).end()
      return
    }
    resolve(url.searchParams)
    void ended.then((message) =>
      response
        .writeHead(200, {
          'content-type': 'text/plain; charset=utf-8',
          // The address holds the code: it goes to no other page and into no cache.
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          connection: 'close',
        })
        .end(message),
    )
  })
  const host = wanted.hostname === '[::1]' ? '::1' : '127.0.0.1'
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(registered === undefined ? 0 : Number(wanted.port || 80), host, listening)
  }).catch((cause: NodeJS.ErrnoException) => {
    throw new EzError(
      'EZ_OPTION_INVALID',
      `${id}: nothing can listen at ${wanted.href} (${cause.code}). End what does, or register another redirectUri.`,
    )
  })
  if (registered === undefined) wanted.port = String((server.address() as AddressInfo).port)
  return {
    redirectUri: registered ?? wanted.href,
    answer,
    end(message) {
      finish(message)
      server.close()
      setTimeout(() => server.closeAllConnections(), 500).unref()
    },
  }
}
