import { EzError, type PreparedRequest } from '@ez/core'

/** How requests go out. */
export interface SendOptions {
  readonly fetch: typeof fetch
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Sends a prepared request as it is, once; redirects are answers. @throws EZ_SEND_FAILED, EZ_TIMEOUT, EZ_ABORTED */
export async function sendPrepared(prepared: PreparedRequest, options: SendOptions): Promise<Response> {
  const { method, url, headers, body } = prepared
  const limit = AbortSignal.timeout(options.timeoutMs)
  try {
    // Checks that this runtime's fetch keeps every header; a stream can be read only once, by the send below.
    if (body === null || body instanceof Uint8Array) prepared.toRequest()
    return await options.fetch(url, {
      method,
      headers: headers as [string, string][],
      redirect: 'manual',
      signal: AbortSignal.any([limit, options.signal]),
      ...(body !== null && { body: body as BodyInit }),
      ...(body !== null && !(body instanceof Uint8Array) && { duplex: 'half' }),
    } as RequestInit)
  } catch (cause) {
    throw sendError(cause, prepared, options, limit)
  }
}

/** A coded error for what `fetch` threw. */
export function sendError(
  cause: unknown,
  prepared: PreparedRequest,
  options: SendOptions,
  limit: AbortSignal,
): EzError {
  if (EzError.isInstance(cause)) return cause
  const { host } = new URL(prepared.url)
  const details = { trace: prepared.trace, cause }
  if (options.signal.aborted)
    return new EzError('EZ_ABORTED', `${host}: the request was interrupted.`, details)
  if (limit.aborted)
    return new EzError(
      'EZ_TIMEOUT',
      `${host}: no answer within ${options.timeoutMs} ms. Raise --timeout, or see whether the host is reachable.`,
      details,
    )
  return new EzError('EZ_SEND_FAILED', `${host}: the request was not answered: ${reason(cause)}`, details)
}

const hints: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Check host and port.',
  ENOTFOUND: 'there is no such host. Check its name and your network.',
  EAI_AGAIN: 'the name cannot be looked up. Check your network.',
  ECONNRESET: 'the connection was closed by the other side.',
  UND_ERR_SOCKET: 'the connection was closed by the other side.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed. Give its authority with --ca.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority. Give it with --ca.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority. Give it with --ca.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority. Give it with --ca.',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
}

// fetch says only "fetch failed"; the reason is the innermost cause that has a code.
function reason(error: unknown): string {
  let code: string | undefined
  let message = ''
  for (let current = error; current instanceof Error; current = current.cause) {
    code = (current as NodeJS.ErrnoException).code ?? code
    message = current.message || message
  }
  const hint = code === undefined ? undefined : hints[code]
  return hint === undefined ? `${message}${code ? ` (${code})` : ''}.` : `${hint} (${code})`
}
