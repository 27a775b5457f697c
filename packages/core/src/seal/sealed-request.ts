import { inspect } from '../base/secret.ts'
import type { TraceStep } from '../base/trace-step.ts'
import type { CurlOptions, PreparedRequest } from '../contract/prepared.ts'
import type { Body, Pairs, ResolvedRequest } from '../contract/request.ts'
import type { Mask } from '../masking/mask.ts'
import { sensitiveValues } from '../masking/sensitive-names.ts'
import type { Recorder } from '../trace/recorder.ts'
import { bodyData, maskHeaders, maskUrl } from '../trace/show.ts'
import { curlLine } from './curl.ts'
import { toRequest } from './to-request.ts'

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
    if (!isInspectable) makeInspectable()
    Object.freeze(this)
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
    return toRequest(this)
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

// When the first one is made: at once, it would keep the class in bundles that only sign.
let isInspectable = false

function makeInspectable(): void {
  isInspectable = true
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
