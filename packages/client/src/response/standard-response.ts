// Fetch, "null body status".
const withoutBody: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

/** Whether an answer has no body at all, whatever its headers say. */
export function isBodyless(method: string, status: number): boolean {
  return method === 'HEAD' || withoutBody.has(status)
}

/** A standard `Response` with a URL, which one that is constructed does not have. */
export function standardResponse(parts: {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: Headers
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null
}): Response {
  const { status, statusText, url, headers, body } = parts
  // The constructor takes 200 to 599; servers answer 999 too.
  const known = status >= 200 && status <= 599
  const response = new Response(withoutBody.has(status) ? null : (body as BodyInit | null), {
    status: known ? status : 200,
    statusText,
    headers,
  })
  Object.defineProperty(response, 'url', { value: url, configurable: true })
  if (!known) {
    Object.defineProperty(response, 'status', { value: status, configurable: true })
    Object.defineProperty(response, 'ok', { value: false, configurable: true })
  }
  return response
}
