import { http } from 'msw'
import { setupServer } from 'msw/node'
import { answer, endpoints } from './endpoints/index.ts'

/** The mocked network: what leaves through `fetch` reaches the vendors' endpoints, and nothing else. */
export interface Network {
  /** What left so far: method and URL. */
  readonly sent: readonly string[]
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
  const sent: string[] = []
  server.events.on('request:start', ({ request }) => {
    sent.push(`${request.method} ${request.url}`)
  })
  server.listen({ onUnhandledFrame: 'error' })
  return {
    sent,
    close: () => server.close(),
  }
}
