// Fetch, "null body status".
const withoutBody: ReadonlySet<number> = new Set([101, 103, 204, 205, 304])

/** What `fetch` answered, with the body replaced by bytes or a stream that was begun already. */
export function rebuiltResponse(original: Response, body: Uint8Array | ReadableStream<Uint8Array>): Response {
  const bodyless = withoutBody.has(original.status) || original.body === null
  const response = new Response(bodyless ? null : (body as BodyInit), {
    status: original.status,
    statusText: original.statusText,
    headers: [...original.headers],
  })
  // A Response that is constructed has no URL of its own.
  Object.defineProperty(response, 'url', { value: original.url, configurable: true })
  return response
}

/** Ends a response that nobody will read, so that its connection is free again. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined)
}
