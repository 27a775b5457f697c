import { EzError, type PrepareContext, type PreparedRequest, signRequest } from '@ez/core'
import { joinedBytes } from './base/bytes.ts'
import type { ClientStep } from './contract/client-step.ts'
import { concreteOf, isRequest } from './request/concrete.ts'
import { isRedirect, nextHop } from './request/redirect.ts'

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
    const concrete = await concreteOf(request)
    let prepared = await signRequest(concrete, all, attemptContext)
    let challenged = false
    let trusted = all
    for (let hop = 0; ; hop += 1) {
      // Checks that this runtime sends it as it was signed.
      prepared.toRequest()
      const response: Response = await send(prepared.url, {
        // Whatever else the caller wants of its fetch: a dispatcher, a cache mode.
        ...init,
        method: prepared.method,
        headers: prepared.headers.map(([name, value]): [string, string] => [name, value]),
        body: prepared.body as BodyInit | null,
        redirect: 'manual',
        ...(signal ? { signal } : {}),
      })
      if (!challenged && trusted.length > 0 && (await challenges(trusted, response, prepared))) {
        // A step learned from the answer: once more, signed anew. The body was read whole before.
        challenged = true
        discard(response)
        prepared = await signRequest(concrete, all, attemptContext)
        continue
      }
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

const discard = (response: Response): void => void response.body?.cancel().catch(() => undefined)

// Enough to say what a server wants.
const learnedBytes = 65_536

/** Whether a step asks for one more attempt; the answer stays unread. */
async function challenges(
  steps: readonly ClientStep[],
  response: Response,
  prepared: PreparedRequest,
): Promise<boolean> {
  const asking = steps.filter((step) => step.challenge)
  if (asking.length === 0) return false
  const snapshot = {
    status: response.status,
    headers: [...response.headers],
    body: response.status >= 400 ? await beginningOf(response.clone()) : new Uint8Array(),
  }
  let wanted = false
  // Each is asked: each may have something to learn.
  for (const step of asking) if (await step.challenge?.(snapshot, prepared)) wanted = true
  return wanted
}

async function beginningOf(response: Response): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array()
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  while (length < learnedBytes) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    length += value.length
  }
  reader.cancel().catch(() => undefined)
  return joinedBytes(chunks, length)
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
