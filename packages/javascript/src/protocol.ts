import type { MessagePort } from 'node:worker_threads'
import type { BodyTemplate, Pairs } from '@ez/core'

/** Everything a run needs, as it crosses to the worker. */
export interface Job {
  readonly type: 'run'
  readonly source: string
  /** Name shown in errors. */
  readonly file: string
  /** Whether the source is an ES module. */
  readonly module: boolean
  /** Scripts of Postman, which run in order in the place of `source`. */
  readonly postman?: readonly PostmanSource[]
  readonly timeoutMs: number
  readonly memoryBytes: number
  readonly nonce: string
  /** Milliseconds since 1970: the instant of the attempt. */
  readonly now: number
  /**
   * JSON text of what else the script is told: `variables` (those whose names stand in the source), the
   * `names` of all variables, `parameters`, the `wanted` outputs, whether it has a `network`.
   */
  readonly environment: string
  readonly method: string
  readonly url: string
  readonly query: Pairs
  readonly headers: Pairs
}

/** One script of a collection, a folder or a request. */
export interface PostmanSource {
  readonly source: string
  /** Name shown in errors. */
  readonly file: string
}

/** What a script did, in order; the host does it again on the real request. */
export type Edit =
  | readonly ['method' | 'url', value: string]
  | readonly ['set' | 'append', list: ListName, name: string, value: string]
  | readonly ['delete', list: ListName, name: string]
  | readonly ['body', body: BodyTemplate | null]
  | readonly ['publish', name: string, value: unknown]
  | readonly ['log', text: string]

export type ListName = 'query' | 'headers'

/** Why a run ended without success. */
export interface Failure {
  /** `value`: it wrote what is no text, or read what is not there; `broken`: the engine is at fault. */
  readonly kind: 'failed' | 'timeout' | 'memory' | 'output' | 'value' | 'broken'
  readonly message: string
  /** From 1, when the failure has a place in the script. */
  readonly line?: number
  /** The script that failed, where there are several. */
  readonly file?: string
}

/** The request in wire form, as it crosses to the worker. */
export interface WireRequest {
  readonly method: string
  readonly url: string
  readonly headers: Pairs
  readonly body: Uint8Array | null
}

/** What a script needs to know at once; its thread sleeps until the host has answered. */
export type Question =
  | { readonly kind: 'request' }
  | { readonly kind: 'variable' | 'runtime'; readonly name: string }

export interface Answer {
  readonly value?: unknown
  readonly error?: string
}

/** What a script's `fetch` asks for. */
export interface FetchCall {
  readonly type: 'fetch'
  readonly id: number
  readonly url: string
  readonly method: string
  readonly headers: Pairs
  readonly body: string | Uint8Array | null
}

export interface FetchAnswer {
  readonly type: 'fetched'
  readonly id: number
  readonly error?: string
  readonly response?: {
    readonly status: number
    readonly statusText: string
    readonly url: string
    readonly headers: Pairs
    readonly body: Uint8Array
  }
}

export type ToWorker = Job | FetchAnswer

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly edits: readonly Edit[]; readonly failure?: Failure }
  | { readonly type: 'ask'; readonly edits: readonly Edit[]; readonly question: Question }
  | FetchCall

/** What the host hands to a worker when it starts. */
export interface WorkerStart {
  /** Waited on by the worker while the host answers a question. */
  readonly signal: Int32Array<SharedArrayBuffer>
  /** Where the answer arrives. */
  readonly answers: MessagePort
  /** The engine, compiled. */
  readonly module: WebAssembly.Module
}
