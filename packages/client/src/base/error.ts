import { EzError, maskResponse, type PreparedRequest } from '@ez/core'

/** Where a request goes, masked, and without path and query: those may hold what the mask does not know. */
export function placeOf(prepared: PreparedRequest): string {
  return `${masked(prepared.method, prepared)} ${originIn(masked(prepared.url, prepared))}`
}

/** Scheme, host and port of a URL that is masked: any of them may be `***`, and so no `URL` parses it. */
export function originIn(shownUrl: string): string {
  return /^(?:[a-z]+:\/\/)?[^/?#]*/.exec(shownUrl)?.[0] ?? ''
}

/** @returns EZ_ABORTED, with the reason as its cause */
export function aborted(signal: AbortSignal): EzError {
  return new EzError('EZ_ABORTED', 'The send was aborted by its signal.', { cause: signal.reason })
}

/** @returns EZ_TIMEOUT */
export function timedOut(prepared: PreparedRequest, timeoutMs: number): EzError {
  return new EzError(
    'EZ_TIMEOUT',
    `${placeOf(prepared)}: no whole answer within ${timeoutMs} ms. Raise timeoutMs, or see why the server is slow.`,
    { trace: prepared.trace, details: { timeoutMs } },
  )
}

/** @returns EZ_NETWORK, for a connection that failed before the status came */
export function networkFailed(prepared: PreparedRequest, cause: unknown): EzError {
  const system = systemCodeOf(cause)
  return new EzError(
    'EZ_NETWORK',
    `${placeOf(prepared)}: the connection failed${system ? ` (${system})` : ''}. Check host, network, proxy and certificates.`,
    { cause: maskedCause(cause, prepared), trace: prepared.trace, details: system ? { system } : {} },
  )
}

/** @returns EZ_RESPONSE_INCOMPLETE, for a body that ended before its end */
export function incomplete(prepared: PreparedRequest, status: number, cause: unknown): EzError {
  const system = systemCodeOf(cause)
  return new EzError(
    'EZ_RESPONSE_INCOMPLETE',
    `${placeOf(prepared)}: the answer broke off in the middle${system ? ` (${system})` : ''}. What was received is not whole.`,
    {
      cause: maskedCause(cause, prepared),
      trace: prepared.trace,
      details: { status, ...(system ? { system } : {}) },
    },
  )
}

// A fetch may quote the URL, and a URL may hold a secret.
function maskedCause(cause: unknown, prepared: PreparedRequest, depth = 0): unknown {
  if (cause === undefined || depth > 5) return undefined
  if (!(cause instanceof Error)) return masked(String(cause), prepared)
  const copy = new Error(masked(cause.message, prepared))
  copy.name = cause.name
  if (cause.stack !== undefined) copy.stack = masked(cause.stack, prepared)
  const { code } = cause as { code?: unknown }
  if (typeof code === 'string') Object.assign(copy, { code })
  const inner = maskedCause(cause.cause, prepared, depth + 1)
  if (inner !== undefined) copy.cause = inner
  return copy
}

/** A text without the secrets of a request. */
export function masked(text: string, prepared: PreparedRequest): string {
  const shown = maskResponse({ status: 0, headers: [['text', text]], body: new Uint8Array() }, prepared)
  return shown.headers[0]?.[1] ?? ''
}

/** The code that the system or the TLS library gave, from a chain of causes: `ECONNRESET`. */
export function systemCodeOf(error: unknown): string | undefined {
  let current: unknown = error
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause, errors } = current as { code?: unknown; cause?: unknown; errors?: unknown }
    if (typeof code === 'string' && code !== '') return code
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return undefined
}

const neverConnected: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/**
 * Whether an attempt failed before it had a connection, so that nobody received anything of it.
 *
 * @example
 * ```ts
 * import { attemptsOf, isUnsent } from '@ez/client'
 *
 * const nobodyReceivedIt = (error: unknown): boolean => attemptsOf(error).every((attempt) => isUnsent(attempt.error))
 * ```
 */
export function isUnsent(error: EzError | undefined): boolean {
  return neverConnected.has(error?.details.system)
}

const certificate =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET_ISSUER|VERIFY)|HOSTNAME_MISMATCH)/

/** What a failed connection allows: `never` again, again for `any` request, or for those that may be `repeated`. */
export function networkRepeat(error: EzError): 'never' | 'any' | 'repeatable' {
  const system = error.details.system
  if (typeof system !== 'string') return 'repeatable'
  if (certificate.test(system)) return 'never'
  return isUnsent(error) ? 'any' : 'repeatable'
}
