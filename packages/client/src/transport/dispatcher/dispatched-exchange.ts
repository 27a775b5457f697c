import { EzError, headerOf, type PreparedRequest } from '@ez/core'
import type { Dispatcher } from 'undici'
import { joinedBytes } from '../../base/bytes.ts'
import { aborted, incomplete, networkFailed, systemCodeOf, timedOut } from '../../base/error.ts'

import { AnsweredResponse, tooLarge } from '../../response/answered-response.ts'
import { isBodyless } from '../../response/standard-response.ts'
import type { Due } from '../deadlines.ts'
import { refuseReadStream } from '../refuse-read-stream.ts'
import { type Answer, defaultMaxBytes, type ExchangeOptions, receivedBytes } from '../transport.ts'
import { dispatchOptions } from './dispatch-options.ts'
import { abandoned, wrongLength } from './exchange-errors.ts'
import { type StreamedBody, streamedBody } from './request-body.ts'
import type { ResponseHead } from './response-head.ts'
import { responseHeaders } from './response-headers.ts'
import { type Unpacking, unpackingOf } from './unpack.ts'

type Controller = Dispatcher.DispatchController

/** One request on its way through a dispatcher of undici, and its answer as it comes. */
export class DispatchedExchange implements Dispatcher.DispatchHandler {
  readonly #prepared: PreparedRequest
  readonly #options: ExchangeOptions
  readonly #resolve: (answer: Answer) => void
  readonly #reject: (error: EzError) => void
  #controller: Controller | undefined
  #due: Due | undefined
  #abort: (() => void) | undefined
  #upload: StreamedBody | undefined
  #head: ResponseHead | undefined
  #unpacking: Unpacking | undefined
  #chunks: Uint8Array[] = []
  #length = 0
  #limit = 0
  // Once the answer is handed over, its body is pulled part by part.
  #streaming = false
  #wake: (() => void) | undefined
  #complete = false
  #ended: EzError | undefined

  constructor(
    prepared: PreparedRequest,
    options: ExchangeOptions,
    resolve: (answer: Answer) => void,
    reject: (error: EzError) => void,
  ) {
    this.#prepared = prepared
    this.#options = options
    this.#resolve = resolve
    this.#reject = reject
  }

  start(dispatcher: Dispatcher): void {
    const { body } = this.#prepared
    const { signal } = this.#options
    if (signal?.aborted) {
      this.#reject(aborted(signal))
      return
    }
    refuseReadStream(body)
    if (signal) {
      this.#abort = () => this.#end(aborted(signal))
      signal.addEventListener('abort', this.#abort, { once: true })
    }
    this.#watch()
    if (body instanceof ReadableStream) this.#upload = streamedBody(body)
    dispatcher.dispatch(dispatchOptions(this.#prepared, this.#upload?.parts ?? body), this)
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    // Its time was over before it had a connection.
    if (this.#ended) controller.abort(this.#ended)
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    statusText = '',
  ): void {
    // 103 and its kind announce an answer.
    if (status < 200 || this.#ended) return
    this.#controller = controller
    const pairs = responseHeaders((controller as { rawHeaders?: unknown }).rawHeaders, headers)
    const bodyless = isBodyless(this.#prepared.method, status)
    this.#head = { status, statusText, headers: pairs, bodyless }
    if (bodyless) return
    this.#limit = receivedBytes(status, headerOf(pairs, 'content-type'), this.#options.bufferBytes)
    this.#unpacking = unpackingOf(headerOf(pairs, 'content-encoding'), {
      data: (chunk) => this.#receive(chunk),
      end: () => this.#finish(),
      failed: (error) => this.#fail(error),
      drained: () => this.#controller?.resume(),
    })
    if (this.#limit === 0) this.#handOver()
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    // undici 8.13.1 gives an empty part first when it is resumed; who pauses for it never gets another.
    if (chunk.length === 0 || this.#ended || !this.#head || this.#head.bodyless) return
    if (!this.#unpacking) this.#receive(chunk)
    else if (!this.#unpacking.write(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#ended || !this.#head) return
    if (this.#unpacking) this.#unpacking.end()
    else this.#finish()
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#fail(error)
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return
    this.#chunks.push(chunk)
    this.#length += chunk.length
    const { maxResponseBytes } = this.#options
    if (maxResponseBytes !== undefined && this.#length > maxResponseBytes) {
      this.#end(tooLarge(maxResponseBytes))
      return
    }
    if (this.#streaming) {
      this.#pause()
      this.#wake?.()
    } else if (this.#length >= this.#limit) this.#handOver()
  }

  #finish(): void {
    if (this.#ended) return
    this.#complete = true
    this.#release()
    if (this.#streaming) this.#wake?.()
    else {
      const start = joinedBytes(this.#chunks, this.#length)
      this.#chunks = []
      this.#answer(start)
    }
  }

  #handOver(): void {
    this.#streaming = true
    this.#unwatch()
    this.#pause()
    const start = joinedBytes(this.#chunks, this.#length)
    this.#chunks = start.length > 0 ? [start] : []
    this.#answer(
      start,
      new ReadableStream<Uint8Array>(
        { pull: (controller) => this.#pull(controller), cancel: () => this.#end(abandoned()) },
        { highWaterMark: 0 },
      ),
    )
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk) {
        controller.enqueue(chunk)
        return
      }
      if (this.#ended) throw this.#ended
      if (this.#complete) {
        controller.close()
        return
      }
      // Nobody waits for the server while nobody reads.
      this.#watch()
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#resume()
      })
      this.#wake = undefined
      this.#unwatch()
    }
  }

  #answer(start: Uint8Array, rest?: ReadableStream<Uint8Array>): void {
    const { status, statusText, headers, bodyless } = this.#head as ResponseHead
    const response = new AnsweredResponse({
      status,
      statusText,
      url: this.#prepared.url,
      redirected: this.#options.redirected,
      headers,
      start: bodyless ? null : start,
      maxBytes: this.#options.maxResponseBytes ?? defaultMaxBytes,
      ...(rest && { rest }),
    })
    this.#resolve({ response, snapshot: { status, headers, body: start } })
  }

  #fail(error: unknown): void {
    if (this.#ended || this.#complete) return
    const prepared = this.#prepared
    if (EzError.isInstance(error)) this.#end(error)
    else if (systemCodeOf(error) === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') this.#end(wrongLength(error))
    else
      this.#end(this.#head ? incomplete(prepared, this.#head.status, error) : networkFailed(prepared, error))
  }

  #end(error: EzError): void {
    if (this.#ended || this.#complete) return
    this.#ended = error
    this.#release()
    this.#controller?.abort(error)
    this.#unpacking?.destroy()
    if (this.#streaming) this.#wake?.()
    else this.#reject(error)
  }

  #release(): void {
    this.#unwatch()
    if (this.#abort) this.#options.signal?.removeEventListener('abort', this.#abort)
    this.#abort = undefined
    this.#upload?.cancel()
  }

  #watch(): void {
    const { deadlines, timeoutMs } = this.#options
    this.#due = deadlines.add(timeoutMs, () => this.#end(timedOut(this.#prepared, timeoutMs)))
  }

  #unwatch(): void {
    if (this.#due) this.#options.deadlines.remove(this.#due)
    this.#due = undefined
  }

  #pause(): void {
    if (this.#unpacking) this.#unpacking.pause()
    else this.#controller?.pause()
  }

  #resume(): void {
    if (this.#unpacking) this.#unpacking.resume()
    else this.#controller?.resume()
  }
}
