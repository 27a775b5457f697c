import { EzError, type Pairs, type ResponseSnapshot } from '@ez/core'
import { joinedBytes } from '../base/bytes.ts'
import type { Attempt } from '../contract/attempt.ts'
import type { ClientResponse } from '../contract/client-response.ts'
import { standardResponse } from './standard-response.ts'

/** What an answer is made of. */
export interface AnswerParts {
  /** HTTP status. */
  readonly status: number
  /** The server's words for it. */
  readonly statusText: string
  /** What was called. */
  readonly url: string
  /** Whether a redirect led there. */
  readonly redirected: boolean
  /** Names in lower case; `set-cookie` may be there more than once. */
  readonly headers: Pairs
  /** The body, or its beginning; `null` for an answer that has none. */
  readonly start: Uint8Array | null
  /** The whole body as a stream, when more than its beginning is to come. */
  readonly rest?: ReadableStream<Uint8Array>
  /** Bytes of a body that may be read into memory. */
  readonly maxBytes: number
  /** What a browser hides, and no `Response` can be made of. */
  readonly original?: Response
}

const attemptsBehind: WeakMap<Response, readonly Attempt[]> = new WeakMap()

/** An answer of the client, its body read when somebody asks for it. */
export class AnsweredResponse implements ClientResponse {
  readonly #parts: AnswerParts
  #attempts: readonly Attempt[] = []
  #headers: Headers | undefined
  #body: ReadableStream<Uint8Array> | undefined
  #used = false

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  /** The attempts behind an answer of this client, or behind a `Response` made of one; `undefined` for anything else. */
  static attemptsOf(subject: object): readonly Attempt[] | undefined {
    return #attempts in subject ? subject.#attempts : attemptsBehind.get(subject as Response)
  }

  /** Ends an answer that nobody will read, so that its connection is free again. */
  static discard(response: AnsweredResponse): void {
    response.#used = true
    if (response.#parts.rest && !response.#parts.rest.locked)
      response.#parts.rest.cancel().catch(() => undefined)
    response.#parts.original?.body?.cancel().catch(() => undefined)
  }

  /** The same answer with its attempts. */
  static withAttempts(response: AnsweredResponse, attempts: readonly Attempt[]): AnsweredResponse {
    response.#attempts = attempts
    return response
  }

  /** The same answer with its body, which was read whole, to be read once more. */
  static unread(response: AnsweredResponse, body: Uint8Array): AnsweredResponse {
    const { rest: _, ...parts } = response.#parts
    const start = parts.start === null ? null : body
    return AnsweredResponse.withAttempts(new AnsweredResponse({ ...parts, start }), response.#attempts)
  }

  get status(): number {
    return this.#parts.status
  }

  get statusText(): string {
    return this.#parts.statusText
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get url(): string {
    return this.#parts.url
  }

  get redirected(): boolean {
    return this.#parts.redirected
  }

  get headers(): Headers {
    this.#headers ??=
      this.#parts.original?.headers ?? new Headers([...this.#parts.headers] as [string, string][])
    return this.#headers
  }

  get body(): ReadableStream<Uint8Array> | null {
    const { start, rest } = this.#parts
    if (start === null) return null
    this.#body ??= rest ?? streamOf(start)
    return this.#body
  }

  get received(): ResponseSnapshot | undefined {
    const { status, headers, start, rest } = this.#parts
    return rest ? undefined : { status, headers, body: start ?? new Uint8Array() }
  }

  get bodyUsed(): boolean {
    return this.#used || this.#body?.locked === true
  }

  // biome-ignore lint/suspicious/noExplicitAny: what `Response.json` gives
  async json<Value = any>(): Promise<Value> {
    return JSON.parse(await this.text()) as Value
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.#read())
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    // What was received may be a part of a larger buffer, which holds more than this answer.
    return new Uint8Array(await this.#read())
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  toResponse(): Response {
    const { original } = this.#parts
    if (original) return original
    if (this.bodyUsed) throw used()
    const { status, statusText, url, start, rest } = this.#parts
    const body = start === null ? null : (this.#body ?? rest ?? start)
    const response = standardResponse({ status, statusText, url, headers: this.headers, body })
    this.#used = true
    attemptsBehind.set(response, this.#attempts)
    return response
  }

  async #read(): Promise<Uint8Array> {
    if (this.bodyUsed) throw used()
    this.#used = true
    const { start, rest, maxBytes } = this.#parts
    if (start === null) return new Uint8Array()
    // A stream that somebody took, and let go of unread, is read on.
    const stream = rest ?? this.#body
    return stream === undefined ? start : readWhole(stream, maxBytes)
  }
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(new Uint8Array(bytes))
      controller.close()
    },
  })
}

/** @throws EZ_RESPONSE_TOO_LARGE */
async function readWhole(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return joinedBytes(chunks, length)
    length += value.length
    if (length > maxBytes) {
      reader.cancel().catch(() => undefined)
      throw tooLarge(maxBytes)
    }
    chunks.push(value)
  }
}

/** @returns EZ_RESPONSE_TOO_LARGE */
export function tooLarge(maxBytes: number): EzError {
  return new EzError(
    'EZ_RESPONSE_TOO_LARGE',
    `The answer's body is longer than ${maxBytes} bytes, unpacked. Read response.body as a stream, or raise maxResponseBytes.`,
    { details: { maxResponseBytes: maxBytes } },
  )
}

function used(): EzError {
  return new EzError(
    'EZ_BODY_INVALID',
    'The body of this answer was read already. Keep what the first reading gave.',
  )
}
