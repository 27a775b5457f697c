import { EzError } from '../base/error.ts'
import type { TraceStep } from '../base/trace-step.ts'
import type { CurlOptions, PreparedRequest } from '../contract/prepared.ts'
import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Mask } from '../masking/mask.ts'
import { sensitiveValues } from '../masking/sensitive-names.ts'
import type { Recorder } from '../trace/recorder.ts'
import { bodyData, maskHeaders, maskUrl } from '../trace/show.ts'
import { curlLine } from './curl.ts'

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** A sealed request: sends what it holds, shows it masked. */
export class SealedRequest implements PreparedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Pairs
  readonly body: Body | null
  declare readonly bodyLength?: number
  readonly #recorder: Recorder

  constructor(request: ResolvedRequest, recorder: Recorder) {
    this.method = request.method
    this.url = request.url
    this.headers = request.headers
    this.body = request.body
    if (request.bodyLength !== undefined) this.bodyLength = request.bodyLength
    this.#recorder = recorder
    Object.freeze(this)
  }

  static {
    Object.defineProperty(SealedRequest.prototype, inspect, {
      value(
        this: SealedRequest,
        _depth: number,
        options: object,
        show: (value: unknown, options: object) => string,
      ) {
        return `PreparedRequest ${show(this.toJSON(), options)}`
      },
    })
  }

  /** The mask of a request that this class sealed: every secret that its pipeline met. */
  static maskOf(request: object): Mask | undefined {
    return #recorder in request ? request.#recorder.mask() : undefined
  }

  /** Every secret that the pipeline of a request met; of a request of another copy, those that names tell. */
  static secretsOf(request: PreparedRequest): string[] {
    return #recorder in request ? request.#recorder.secrets() : sensitiveValues(request)
  }

  get trace(): readonly TraceStep[] {
    return this.#recorder.steps()
  }

  toRequest(): Request {
    const { method, url, body } = this
    const streamed = body !== null && !(body instanceof Uint8Array)
    let request: Request
    try {
      request = new Request(url, {
        method,
        headers: this.headers as [string, string][],
        redirect: 'manual',
        ...(body === null ? {} : { body: body as BodyInit }),
        ...(streamed ? { duplex: 'half' } : {}),
      } as RequestInit)
    } catch {
      // Without its cause, which may quote a header.
      throw streamed
        ? new EzError('EZ_BODY_INVALID', 'body: the stream was read before. Prepare the request anew.')
        : new EzError('EZ_PREPARE_FAILED', 'The fetch of this runtime refuses the request.')
    }
    if (request.url !== url)
      throw new EzError('EZ_URL_NOT_SENDABLE', 'url: the fetch of this runtime would send another URL.')
    // Bun tells the URL as it is, and sends it with one slash.
    if ('Bun' in globalThis && new URL(url).pathname.startsWith('//'))
      throw new EzError(
        'EZ_URL_NOT_SENDABLE',
        'url: the fetch of this runtime sends one slash of the two that the path begins with. Write /%2F.',
      )
    if (request.method !== method)
      throw new EzError('EZ_METHOD_INVALID', 'method: the fetch of this runtime would send another one.')
    for (const [name, value] of this.headers)
      if (request.headers.get(name) !== value)
        throw new EzError(
          'EZ_HEADER_NOT_SENDABLE',
          `headers.${name}: the fetch of this runtime drops or changes this header.`,
        )
    return request
  }

  toCurl(options: CurlOptions = {}): string {
    return curlLine(this, options, this.#recorder.mask())
  }

  toJSON(): unknown {
    const mask = this.#recorder.mask()
    return {
      method: mask.apply(this.method),
      url: maskUrl(this.url, mask),
      headers: maskHeaders(this.headers, mask),
      body: bodyData(this.body, mask),
      trace: this.trace,
    }
  }
}

/** Seals a request: nothing changes it any more. */
export function seal(request: ResolvedRequest, recorder: Recorder): PreparedRequest {
  recorder.addRequest('seal', request)
  return new SealedRequest(request, recorder)
}
