import type { Capture } from '@ez/client'
import type { Path, FileValue as ReadFileValue, RequestValue, SourceFile } from '@ez/request-file'
import type { FlowKeys } from './flow-keys.ts'

/** A flow step, as it is written. */
export interface FlowStepValue extends RequestValue, FlowKeys {
  readonly capture?: Record<string, Capture>
}

/** A request file, as it is written. */
export type FileValue = ReadFileValue<FlowStepValue>

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
  readonly value: RequestValue & {
    readonly method: string
    readonly url: string
    readonly capture?: Record<string, Capture>
  }
  /** Nearest first: the request itself, its defaults, what it extends. */
  readonly layers: readonly Layer[]
  /** Of a flow, the step as it is written. */
  readonly step?: FlowStepValue
}

/** The layer that a key's value came from: the nearest that has it. */
export function layerOf(request: LoadedRequest, key: string): Layer {
  return (request.layers.find(({ value }) => Object.hasOwn(value, key)) ?? request.layers[0]) as Layer
}
