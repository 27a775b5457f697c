import type { TemplateValue, TimeOptions } from '@ez/core'
import type { FlowKeys } from './flow-keys.ts'
import type { Path, SourceFile } from './source.ts'

export type Values = Record<string, TemplateValue> | [string, TemplateValue][]

/** One entry of `preRequest`, as it is written. */
export interface StepValue {
  readonly use?: string
  readonly with?: unknown
  readonly script?: string
  /** Why the request must not be sent until somebody puts a signer here. */
  readonly blocked?: string
  readonly parameters?: Record<string, unknown>
  readonly exports?: Record<string, string>
  readonly allow?: { readonly hosts?: string[] }
  readonly timeoutMs?: number
  readonly memoryMb?: number
}

export interface PartValue {
  readonly name: string
  readonly value?: string
  readonly file?: string
  readonly filename?: string
  readonly contentType?: string
}

/** A body, as it is written. */
export interface BodyValue {
  readonly json?: unknown
  readonly form?: Values
  readonly multipart?: PartValue[]
  readonly text?: string
  readonly base64?: string
  readonly file?: string
  readonly stream?: string
}

/** What the response must be like. */
export interface Expectation {
  readonly status?: number | number[]
  readonly headers?: Record<string, string>
  readonly json?: unknown
  readonly text?: string
  readonly maxMilliseconds?: number
}

/** A request, as it is written. */
export interface RequestValue {
  readonly name?: string
  readonly method?: string
  readonly url?: string
  readonly query?: Values
  readonly headers?: Record<string, string> | [string, string][]
  readonly body?: BodyValue
  readonly time?: TimeOptions
  readonly preRequest?: StepValue[]
  readonly variables?: Record<string, unknown>
  readonly secrets?: string[]
  readonly allowedHosts?: string[]
  readonly expect?: Expectation
}

/** A flow step, as it is written. */
export interface FlowStepValue extends RequestValue, FlowKeys {}

/** A request file, as it is written. */
export interface FileValue extends RequestValue {
  readonly extends?: string | string[]
  readonly defaults?: RequestValue
  readonly requests?: RequestValue[]
  readonly steps?: FlowStepValue[]
}

/** A part of a file that a request is made of. */
export interface Layer {
  readonly source: SourceFile
  readonly path: Path
  readonly value: RequestValue
}

/** A request with everything that it inherits. */
export interface LoadedRequest {
  /** The file's name, and `#name` when it holds several. */
  readonly label: string
  /** The file that was asked for. */
  readonly source: SourceFile
  readonly value: RequestValue & { readonly method: string; readonly url: string }
  /** Nearest first: the request itself, its defaults, what it extends. */
  readonly layers: readonly Layer[]
  /** Of a flow, the step as it is written. */
  readonly step?: FlowStepValue
}

/** The layer that a key's value came from: the nearest that has it. */
export function layerOf(request: LoadedRequest, key: string): Layer {
  return (request.layers.find(({ value }) => Object.hasOwn(value, key)) ?? request.layers[0]) as Layer
}
