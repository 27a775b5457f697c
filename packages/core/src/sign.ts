import { toHex, utf8 } from '#crypto'
import { EzError } from './base/error.ts'
import { isRequest } from './concrete/read-request.ts'
import type { PrepareContext } from './contract/context.ts'
import type { ConcreteRequest, ResolvedRequest } from './contract/request.ts'
import type { SignContext, Signer } from './contract/step.ts'
import { withoutDeclared } from './sign/declared.ts'
import { applyPatch, readPatch } from './sign/patch.ts'
import { wireHeader } from './wire/headers.ts'
import { resolvedRequest } from './wire/resolved-request.ts'
import { checkTogether } from './wire/sendable.ts'

/** What {@link sign} may be given besides the request, as in a `PrepareContext`. */
export interface SignOptions extends Pick<PrepareContext, 'clock' | 'nonce' | 'signal'> {}

/** What {@link signingFetch} may be given. */
export interface SigningFetchOptions extends SignOptions {
  /** What sends (default: the runtime's `fetch`). */
  readonly fetch?: typeof fetch
}

/**
 * Signs a request with one signer, and nothing else: no templates, scripts or trace, in a bundle of a few kilobytes.
 *
 * The request is read as this runtime's `fetch` sends it: that of a `ConcreteRequest` too. The body of a `Request` is read
 * whole; the `Request` itself stays unread. The result is sent as it was signed: its `redirect` is `manual`, so that a
 * signature goes to no other place. It takes as long as the signer does: give it a `signal`. The `cause` of an error is
 * what was thrown, as it is; `signRequest` masks secrets in it.
 *
 * @throws EZ_SPEC_UNSUPPORTED for what is no signer of this version
 * @throws EZ_TEMPLATE_INVALID for a request that this runtime refuses
 * @throws EZ_BODY_INVALID for a `Request` that was read, EZ_TEXT_INVALID for half of a surrogate pair in a body
 * @throws EZ_HEADER_INVALID, EZ_HEADER_NOT_SENDABLE, EZ_URL_NOT_SENDABLE when it cannot be sent as it is
 * @throws EZ_SIGNER_FAILED, EZ_WRITE_UNDECLARED, EZ_UNSIGNED, and the codes of the signer itself
 * @throws EZ_CLOCK_INVALID for a broken clock, EZ_ABORTED when the signal aborted
 *
 * @example
 * ```ts
 * import type { Signer } from '@ez/core'
 * import { sign } from '@ez/core/sign'
 *
 * declare const signer: Signer
 * const request = await sign(new Request('https://api.example.com/orders'), signer)
 * const response = await fetch(request)
 * console.log(response.status)
 * ```
 */
export async function sign(
  request: Request | ConcreteRequest,
  signer: Signer,
  options: SignOptions = {},
): Promise<Request> {
  if (signer?.specVersion !== 1 || !signer.sign || !signer.writes)
    throw new EzError('EZ_SPEC_UNSUPPORTED', 'sign: the second argument must be a signer of specVersion 1.')
  const given = isRequest(request) ? request : construct(request.url, requestInit(request))
  const signal = joinSignals(options.signal, given === request ? given.signal : undefined)
  checkAborted(signal)
  const context = contextFor(options, signal)
  const { body } = request
  const bytes =
    given === request ? await readBody(given) : ((typeof body === 'string' ? utf8(body) : body) ?? null)
  let signed: ResolvedRequest
  try {
    const headers = [...given.headers].map(([name, value]) => wireHeader(name, value))
    const { bodyLength } = request as ConcreteRequest
    const url = canonicalUrl(signer, given.url.split('#', 1)[0] as string)
    const resolved = resolvedRequest(given.method, url, headers, bytes, bodyLength)
    const unsigned = withoutDeclared(resolved, signer)
    signed = applyPatch(unsigned, readPatch(unsigned, signer, await signer.sign(unsigned, context)))
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    // Without its message, which may quote a credential.
    throw new EzError('EZ_SIGNER_FAILED', `${signer.id}: the signer failed. See cause.`, { cause })
  }
  checkAborted(signal)
  return seal(signed, given, signal)
}

/**
 * A `fetch` that signs every request just before it goes out, by {@link sign}.
 *
 * Redirects are not followed: the answer is the redirect itself. `signedFetch` of `@ez/client` follows them, signed anew.
 *
 * @throws the codes of `sign`; a failed connection rejects as the `fetch` underneath does
 *
 * @example
 * ```ts
 * import type { Signer } from '@ez/core'
 * import { signingFetch } from '@ez/core/sign'
 *
 * declare const signer: Signer
 * const fetch = signingFetch(signer)
 * const response = await fetch('https://api.example.com/orders', { method: 'POST', body: '{}' })
 * console.log(response.status)
 * ```
 */
export function signingFetch(signer: Signer, options: SigningFetchOptions = {}): typeof fetch {
  return async (input, init) => {
    const request = isRequest(input as Request) && !init ? (input as Request) : new Request(input, init)
    const signed = await sign(request, signer, options)
    // Whatever else the caller wants of its fetch: a dispatcher, a cache mode.
    const { method, headers, body, ...more } = init ?? {}
    // Looked up at each call: whoever replaces the runtime's fetch is heard.
    const send = options.fetch ?? fetch
    return send(signed, { ...more, redirect: signed.redirect })
  }
}

const requestInit = ({ method, headers }: ConcreteRequest): RequestInit => ({
  method,
  headers: headers as HeadersInit,
})

async function readBody(given: Request): Promise<Uint8Array | null> {
  if (given.body === null) return null
  if (given.bodyUsed || given.body?.locked)
    throw new EzError('EZ_BODY_INVALID', 'body: the Request was read before. Sign it first, or give a clone.')
  const bytes = new Uint8Array(await given.clone().arrayBuffer())
  // Firefox does not tell whether there is one.
  return given.body || bytes.length > 0 ? bytes : null
}

function construct(url: string, init: RequestInit): Request {
  try {
    return new Request(url, init)
  } catch (cause) {
    throw new EzError('EZ_TEMPLATE_INVALID', 'sign: this runtime refuses the request. See cause.', { cause })
  }
}

function canonicalUrl(signer: Signer, url: string): string {
  const canonical = signer.canonicalUrl?.(url) ?? url
  if (new URL(canonical).origin !== new URL(url).origin || canonical.includes('#'))
    throw new EzError('EZ_WRITE_UNDECLARED', `${signer.id}: its canonicalUrl may change path and query only.`)
  return canonical
}

function contextFor({ clock, nonce }: SignOptions, signal: AbortSignal | undefined): SignContext {
  const instant = Number(clock ? clock() : new Date())
  if (Number.isNaN(instant)) throw new EzError('EZ_CLOCK_INVALID', 'clock: it must return a valid Date.')
  let text: string | undefined
  return {
    now: () => new Date(instant),
    nonce: () => {
      text ??= nonce ? nonce() : toHex(crypto.getRandomValues(new Uint8Array(16)))
      return text
    },
    ...(signal ? { signal } : {}),
  }
}

function joinSignals(one: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return one && other ? AbortSignal.any([one, other]) : (one ?? other)
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new EzError('EZ_ABORTED', 'The request was aborted before it was sent.', { cause: signal.reason })
}

const settings = ['cache', 'credentials', 'integrity', 'keepalive', 'mode', 'referrerPolicy'] as const

/** The request that is sent, as this runtime's `fetch` takes it: with what the given one says of its sending. */
function seal(signed: ResolvedRequest, given: Request, signal: AbortSignal | undefined): Request {
  const { method, url, headers, body, bodyLength } = signed
  checkTogether(method, headers, body, bodyLength)
  const init: Record<string, unknown> = { method, headers, body, duplex: 'half', redirect: 'manual', signal }
  // Some runtimes know not all of them.
  for (const name of settings) if (given[name] !== undefined) init[name] = given[name]
  const request = construct(url, init)
  const changed =
    // Bun tells the URL as it is, and sends it with one slash.
    request.url !== url || ('Bun' in globalThis && new URL(url).pathname.startsWith('//'))
      ? 'EZ_URL_NOT_SENDABLE'
      : headers.some(([name, value]) => request.headers.get(name) !== value) && 'EZ_HEADER_NOT_SENDABLE'
  if (changed)
    throw new EzError(changed, 'sign: the fetch of this runtime would send something else than was signed.')
  return request
}
