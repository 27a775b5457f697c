import { http } from 'msw'
import { setupServer } from 'msw/node'
import { answer, endpoints } from './endpoints/index.ts'

/** The mocked network: what leaves through `fetch` reaches the vendors' endpoints, and nothing else. */
export interface Network {
  /** Requests that left so far. */
  readonly sent: number
  close(): void
}

/**
 * Puts the vendors' endpoints in the place of the network. A request to any other host fails.
 *
 * @param now the vendors' clock
 */
export function openNetwork(now: () => Date): Network {
  const handlers = endpoints.flatMap((endpoint) =>
    endpoint.hosts.map((host) =>
      http.all(`https://${host}/*`, ({ request }) => answer(endpoint, request, { now })),
    ),
  )
  const server = setupServer(...handlers)
  let sent = 0
  server.events.on('request:start', () => {
    sent += 1
  })
  server.listen({ onUnhandledFrame: 'error' })
  return {
    get sent() {
      return sent
    },
    close: () => server.close(),
  }
}
