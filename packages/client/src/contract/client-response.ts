import type { ResponseSnapshot } from '@ez/core'

/**
 * An answer, with the members of a `Response` that people use.
 *
 * It is no instance of `Response`: making one costs more than the rest of a send. A library that insists on the class
 * gets one from `toResponse()`.
 */
export interface ClientResponse {
  /** HTTP status, 200 for instance. */
  readonly status: number
  /** The server's words for the status; empty when it gave none. */
  readonly statusText: string
  /** Whether the status is from 200 to 299. */
  readonly ok: boolean
  /** The URL that answered, after redirects. */
  readonly url: string
  /** Whether a redirect led there. */
  readonly redirected: boolean
  /** Made when first read. */
  readonly headers: Headers
  /** The body as a stream of its bytes, unpacked; `null` for an answer that has none, such as 204. */
  readonly body: ReadableStream<Uint8Array> | null
  /**
   * Status, header pairs and whole body, as `diagnose` and `maskResponse` take them; nothing is read by it. `undefined` for
   * a body longer than `bufferBytes`, which goes on as a stream.
   */
  readonly received: ResponseSnapshot | undefined
  /** Whether the body was read, or is being read. */
  readonly bodyUsed: boolean
  /** The body as parsed JSON. @throws EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_INCOMPLETE, SyntaxError */
  // biome-ignore lint/suspicious/noExplicitAny: what `Response.json` gives
  json<Value = any>(): Promise<Value>
  /** The body as text; bytes that are not UTF-8 are replaced. @throws EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_INCOMPLETE */
  text(): Promise<string>
  /** The bytes of the body. @throws EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_INCOMPLETE */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
  /** The bytes of the body. @throws EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_INCOMPLETE */
  arrayBuffer(): Promise<ArrayBuffer>
  /** The same answer as a standard `Response`; this one counts as read from then on. */
  toResponse(): Response
}
