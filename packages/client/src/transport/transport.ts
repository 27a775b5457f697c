import type { PreparedRequest, ResponseSnapshot } from '@ez/core'
import type { AnsweredResponse } from '../response/answered-response.ts'
import type { Deadlines } from './deadlines.ts'

/** How one request is sent and its answer read. */
export interface ExchangeOptions {
  /** Milliseconds for the whole answer; past `bufferBytes`, between two parts of it. */
  readonly timeoutMs: number
  /** Bytes of a body that are received before the answer counts; what is longer is passed on as it comes. */
  readonly bufferBytes: number
  /** Bytes that a body may have, unpacked; `undefined` for no bound but that of memory. */
  readonly maxResponseBytes: number | undefined
  readonly signal: AbortSignal | undefined
  /** Whether a redirect led to this request. */
  readonly redirected: boolean
  readonly deadlines: Deadlines
}

/** An answer, and as much of it as was received. */
export interface Answer {
  readonly response: AnsweredResponse
  readonly snapshot: ResponseSnapshot
}

/** What sends a sealed request as it is, and receives the answer. */
export interface Transport {
  /** @throws EZ_NETWORK, EZ_RESPONSE_INCOMPLETE, EZ_RESPONSE_TOO_LARGE, EZ_TIMEOUT, EZ_ABORTED, EZ_BODY_INVALID */
  exchange(prepared: PreparedRequest, options: ExchangeOptions): Promise<Answer>
}

/** Bytes of a body that may be read into memory, when nobody says otherwise. */
export const defaultMaxBytes = 67_108_864

// Of a refusal, enough is read to say why.
const refusalBytes = 65_536
const endless = /^(?:text\/event-stream|application\/(?:x-ndjson|jsonl|stream\+json))/i

/** Bytes of a body that are received before the answer counts. */
export function receivedBytes(
  status: number,
  contentType: string | null | undefined,
  bufferBytes: number,
): number {
  if (status >= 400) return Math.max(bufferBytes, refusalBytes)
  return endless.test(contentType ?? '') ? 0 : bufferBytes
}
