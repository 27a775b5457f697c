import { type Dispatcher, fetch as undiciFetch } from 'undici'

/** npm's undici as the client's `fetch`, through an agent of its own. */
export function fetchThrough(dispatcher: Dispatcher): typeof fetch {
  // Its types are another copy of the same standard.
  return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch
}
