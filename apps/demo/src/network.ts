import { FetchInterceptor } from '@mswjs/interceptors/fetch'
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
  const sent: string[] = []
  const interceptor = new FetchInterceptor()
  interceptor.on('request', async ({ request, controller }) => {
    sent.push(`${request.method} ${request.url}`)
    const { host } = new URL(request.url)
    const endpoint = endpoints.find(({ hosts }) => hosts.includes(host))
    if (endpoint) controller.respondWith(await answer(endpoint, request, { now }))
    else
      controller.errorWith(
        new TypeError(`demo: ${host} is none of the vendors' hosts, and nothing was sent.`),
      )
  })
  interceptor.apply()
  return {
    sent,
    close: () => interceptor.dispose(),
  }
}
