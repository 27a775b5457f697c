import { type PrepareContext, type PreparedRequest, signRequest } from '@ez/core'
import { lenientHref } from '../base/lenient-href.ts'
import type { ClientStep } from '../contract/client-step.ts'
import { signersOf } from './steps.ts'

// What another host may see: nothing that tells who asks.
const harmless: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent', 'range'])
const ofBody = /^content-/
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Whether an answer names another place. */
export function isRedirect({ status, headers }: Pick<Response, 'status' | 'headers'>): boolean {
  return status >= 300 && status < 400 && headers.has('location')
}

/**
 * The request that a redirect asks for, signed anew; `undefined` when the redirect is not to be followed.
 *
 * On the same origin everything goes along. To another one goes only a GET or HEAD, without signature, secret,
 * cookie or body; from https to http nothing does.
 *
 * Source: Fetch, "HTTP-redirect fetch"; RFC 9110 section 15.4.
 *
 * @throws EZ_HOST_NOT_ALLOWED when `allowedHosts` does not hold the other host
 */
export async function nextHop(
  prepared: PreparedRequest,
  response: Pick<Response, 'status' | 'headers'>,
  steps: readonly ClientStep[],
  context: PrepareContext,
): Promise<PreparedRequest | undefined> {
  const here = new URL(prepared.url)
  const location = response.headers.get('location')
  if (location === null || !URL.canParse(location, here)) return undefined
  const target = new URL(location, here)
  const { status } = response
  if (!redirects.has(status)) return undefined
  const becomesGet =
    (status === 303 && prepared.method !== 'HEAD') ||
    ((status === 301 || status === 302) && prepared.method === 'POST')
  const method = becomesGet ? 'GET' : prepared.method
  const body = becomesGet ? null : prepared.body
  // A stream is spent.
  if (body instanceof ReadableStream) return undefined
  // What goes along, and a location that quotes the request, hold what its scripts and variables made.
  const ownContext = { ...context, secretsOf: prepared }

  if (target.origin === here.origin)
    return signRequest(
      {
        method,
        url: lenientHref(target),
        headers: becomesGet ? prepared.headers.filter(([name]) => !ofBody.test(name)) : prepared.headers,
        body,
      },
      signersOf(steps),
      ownContext,
    )
  if (body !== null || (method !== 'GET' && method !== 'HEAD')) return undefined
  if (target.protocol !== 'https:' && here.protocol === 'https:') return undefined
  return signRequest(
    { method, url: lenientHref(target), headers: prepared.headers.filter(([name]) => harmless.has(name)) },
    [],
    ownContext,
  )
}
