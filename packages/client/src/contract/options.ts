import type { PrepareContext, PreparedRequest } from '@ez/core'
import type { Timers } from '../base/timers.ts'
import type { TransportOptions } from '../transport/transport-options.ts'
import type { Attempt } from './attempt.ts'
import type { ClientResponse } from './client-response.ts'
import type { ClientStep } from './client-step.ts'
import type { RateLimit } from './rate-limit.ts'
import type { RetryOptions } from './retry-options.ts'
import type { TemplateScript } from './template-script.ts'

/** Told, and waited for, as a send goes on. They read; what is sealed stays as it is. */
export interface ClientHooks {
  /** Before an attempt is sent; `number` is 1 for the first. */
  beforeAttempt?(prepared: PreparedRequest, number: number): void | Promise<void>
  /** After an answer, or the failure to get one. */
  afterAttempt?(attempt: Attempt, number: number): void | Promise<void>
  /** Before a retry, and before the wait for it. */
  beforeRetry?(attempt: Attempt, delayMs: number): void | Promise<void>
}

/** What a telemetry of the client is; see `@ez/client/telemetry`. */
export interface Telemetry {
  /** Runs a whole send, with all its attempts, inside a span or the like; `name` is that of the template. */
  send(name: string | undefined, run: () => Promise<ClientResponse>): Promise<ClientResponse>
  /** Runs one attempt; `number` counts them from 1. It must pass on what `run` gives. */
  attempt(prepared: PreparedRequest, number: number, run: () => Promise<Attempt>): Promise<Attempt>
}

/** What can be set for a client, and otherwise for one send. */
export interface SendOptions extends Omit<PrepareContext, 'signal' | 'secretsOf'> {
  /** Ends the send, wherever it is: waiting, preparing, sending, receiving. */
  readonly signal?: AbortSignal
  /** Milliseconds for one attempt, from sending to the whole answer (default 60,000). */
  readonly timeoutMs?: number
  /** `false` sends once, and corrects nothing. */
  readonly retry?: RetryOptions | false
  /**
   * Milliseconds by which a server's clock may differ from ours to be followed, either way (default 86,400,000, a day). A
   * signature for a day far off would be good for whoever keeps it until then.
   */
  readonly maxClockOffsetMs?: number
  /** Reject with `EZ_HTTP_STATUS` for a status of 400 and above (default `false`). */
  readonly throwOnError?: boolean
  /**
   * `manual` (default): a redirect is an answer like any other. `follow`: on the same origin it is signed anew; to
   * another one only a GET goes, without signature, secret or cookie. `error`: `EZ_REDIRECTED`.
   */
  readonly redirect?: 'manual' | 'follow' | 'error'
  /**
   * Bytes of a body that are received before `send` resolves, so that one that breaks off is retried (default
   * 4,194,304). A longer one is passed on as a stream.
   */
  readonly bufferBytes?: number
  /**
   * Bytes that an answer's body may have, unpacked; more is `EZ_RESPONSE_TOO_LARGE`. Without it, 67,108,864 may be read
   * into memory, by `json`, `text`, `bytes`, `arrayBuffer` and as a page; a stream may be as long as it is.
   */
  readonly maxResponseBytes?: number
  /**
   * `host:port` to connect to in place of the URL's own: a tunnel, a private endpoint; or a function that says it for a
   * URL. URL, `Host`, signature and the name that TLS verifies stay the request's; the trace tells it. A text is for the
   * first origin: a redirect to another is not led there. Needs undici 8, and goes neither with a proxy nor with `fetch`.
   */
  readonly connectTo?: string | ((url: string) => string | undefined)
  /** Run before the template is resolved, once for each attempt, in order; not for a `Request`, which is no template. */
  readonly templateScripts?: readonly TemplateScript[]
  /** Who waits for a rate limit: lanes take turns (default: one lane for all). */
  readonly lane?: string
}

/** What can be set for a client. */
export interface ClientOptions extends SendOptions, Omit<TransportOptions, 'connectTo'> {
  /** Scripts and signers of every request; scripts run before the template's, signers before its signers. */
  readonly preRequest?: readonly ClientStep[]
  /** How many requests may go out in a time; of several limits each holds. */
  readonly rateLimit?: RateLimit | readonly RateLimit[]
  /** Functions that are told what happens to requests, attempts and answers. */
  readonly hooks?: ClientHooks
  /** Where spans and counters go, such as `openTelemetry()` of `@ez/client/telemetry`. */
  readonly telemetry?: Telemetry
  /** 0 to 1, for the back-off (default `Math.random`). */
  readonly random?: () => number
  /** Clock and waits of retries and limits (default: those of the runtime). Tests give their own. */
  readonly timers?: Timers
}
