import { EzError, type PrepareContext, signRequest } from '@ez/core'
import type { ClientStep } from './contract/client-step.ts'
import { concreteOf, isRequest } from './request/concrete.ts'
import { isRedirect, nextHop } from './request/redirect.ts'
import { discard } from './transport/response.ts'

/** Options of {@link signedFetch}. */
export interface SignedFetchOptions extends Omit<PrepareContext, 'signal' | 'secretsOf'> {
  /** What sends (default: the runtime's `fetch`); called with a URL and an init. */
  readonly fetch?: typeof fetch
}

const mostHops = 20

/**
 * A `fetch` that signs every request just before it goes out, for libraries that take a `fetch`.
 *
 * The request is signed as it is: nothing in it is a token. A library that retries calls it again, so each
 * attempt has its own signature. Redirects are followed as `fetch` does, but signed anew on the same origin, and
 * without signature, secret, cookie or body to another one.
 *
 * @throws the codes of `signRequest`; a failed connection rejects as the `fetch` underneath does
 *
 * @example
 * ```ts
 * import { signedFetch } from '@ez/client'
 * import type { Signer } from '@ez/core'
 *
 * export function createApi(signer: Signer) {
 *   const fetch = signedFetch(signer)
 *   return { orders: () => fetch('https://api.example.com/orders') }
 * }
 * ```
 */
export function signedFetch(
  steps: ClientStep | readonly ClientStep[],
  options: SignedFetchOptions = {},
): typeof fetch {
  const all: readonly ClientStep[] = Array.isArray(steps) ? steps : [steps as ClientStep]

  return async (input, init) => {
    const request = new Request(standardInput(input), init)
    // The caller's own: that of a new Request follows it only as long as the Request itself is held.
    const signal = init?.signal ?? (isRequest(input) ? input.signal : undefined)
    // Looked up at each call: whoever replaces the runtime's fetch, as msw does, is heard.
    const send = options.fetch ?? fetch
    const attemptContext = { ...options, fetch: send, ...(signal ? { signal } : {}) }
    let prepared = await signRequest(await concreteOf(request), all, attemptContext)
    let trusted = all
    for (let hop = 0; ; hop += 1) {
      // Checks that this runtime sends it as it was signed.
      prepared.toRequest()
      const response = await send(prepared.url, {
        // Whatever else the caller wants of its fetch: a dispatcher, a cache mode.
        ...init,
        method: prepared.method,
        headers: prepared.headers.map(([name, value]): [string, string] => [name, value]),
        body: prepared.body as BodyInit | null,
        redirect: 'manual',
        ...(signal ? { signal } : {}),
      })
      if (request.redirect === 'manual' || !isRedirect(response)) return response
      if (request.redirect === 'error' || hop === mostHops) {
        discard(response)
        throw new EzError(
          'EZ_REDIRECTED',
          request.redirect === 'error'
            ? 'signedFetch: the answer is a redirect, and redirect is "error".'
            : `signedFetch: it redirected more than ${mostHops} times.`,
        )
      }
      const next = await nextHop(prepared, response, trusted, attemptContext)
      if (!next) return response
      discard(response)
      if (new URL(next.url).origin !== new URL(prepared.url).origin) trusted = []
      prepared = next
    }
  }
}

// A Request of another copy of fetch (npm's undici) is read by its parts.
function standardInput(input: RequestInfo | URL): RequestInfo | URL {
  if (typeof input === 'string' || input instanceof URL || input instanceof Request) return input
  const { url, method, headers, body, signal, redirect } = input as Request
  return new Request(url, {
    method,
    headers: [...headers],
    body,
    signal,
    redirect,
    ...(body === null ? {} : { duplex: 'half' }),
  } as RequestInit)
}
