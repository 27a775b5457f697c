import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { EzError } from '@ez/core'

/** The header that carries the token. */
export const tokenHeader = 'x-ez-token'

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i
const hostPattern = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/

/** A request that passed the guards. */
export interface Admitted {
  /** Lower case, with a port where one was given. */
  readonly host: string
  /** As it was written, without query. */
  readonly path: string
  /** With its `?`; empty when there is none. */
  readonly search: string
}

/** What makes a request one of a web page, or of another machine. @throws EZ_PROXY_REFUSED */
export function checkOrigin({ headers, rawHeaders }: IncomingMessage): void {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
    throw new EzError(
      'EZ_PROXY_REFUSED',
      'This request comes from a web page. The proxy signs for programs of this machine only.',
    )
  // Whoever stands behind could read the other one.
  if (rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1)
    throw new EzError('EZ_PROXY_REFUSED', 'The request carries two Host headers.')
  // A page that rebinds its own name to 127.0.0.1 sends that name.
  if (headers.host === undefined || !loopback.test(headers.host))
    throw new EzError(
      'EZ_PROXY_REFUSED',
      'The Host header is not loopback. Call the proxy as http://127.0.0.1:<port>/<host>/<path>.',
    )
}

/**
 * Checks the token, and takes it off: `/<host>/<path>` with the header, or `/~<token>/<host>/<path>`.
 *
 * @throws EZ_PROXY_TOKEN, EZ_PROXY_REFUSED
 */
export function admit(message: IncomingMessage, token: string): Admitted {
  let target = message.url ?? '/'
  const given = message.headers[tokenHeader]
  const inPath = /^\/~([^/?]*)(?=\/)/.exec(target)
  if (inPath) target = target.slice(inPath[0].length)
  if (!isToken(typeof given === 'string' ? given : inPath?.[1], token))
    throw new EzError(
      'EZ_PROXY_TOKEN',
      `The token is missing or wrong. Send the one that was printed at the start as the header ${tokenHeader}, or as /~<token>/ in front of the path.`,
    )
  const question = target.indexOf('?')
  const whole = question < 0 ? target : target.slice(0, question)
  const match = /^\/([^/]+)(\/.*)?$/s.exec(whole)
  const host = match?.[1]?.toLowerCase() ?? ''
  if (!hostPattern.test(host))
    throw new EzError(
      'EZ_PROXY_REFUSED',
      'The path does not start with a host. Call the proxy as http://127.0.0.1:<port>/<host>/<path>.',
    )
  return { host, path: match?.[2] ?? '/', search: question < 0 ? '' : target.slice(question) }
}

function isToken(given: string | undefined, token: string): boolean {
  const left = Buffer.from(given ?? '')
  const right = Buffer.from(token)
  return left.length === right.length && timingSafeEqual(left, right)
}
