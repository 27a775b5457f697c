import type { BodyTemplate, MultipartPart } from '@ez/core'
import type { Edit, ListName, WireRequest } from '../../protocol.ts'

/** What the globals stand on during a run. */
export interface CurrentRun {
  readonly state: RunState
  readonly nonce: string
  /** The parts of a multipart body that the script is handing over. */
  readonly parts: MultipartPart[]
  /** The request in wire form; waits for the host. */
  read(): WireRequest
  /** The value of a variable, or of a `{%name%}`; waits for the host. */
  ask(question: 'variable' | 'runtime', name: string): unknown
  /** Starts a request of the script. */
  send(id: number, url: string, method: string, headers: string, body: string | Uint8Array | null): void
}

/** The script's view of the request, and what it did to it. */
export interface RunState {
  readonly method: string
  readonly url: string
  setMethod(method: string): void
  setUrl(url: string): void
  get(list: ListName, name: string): string | null
  entries(list: ListName): readonly (readonly [string, string])[]
  set(list: ListName, name: string, value: string): void
  append(list: ListName, name: string, value: string): void
  delete(list: ListName, name: string): void
  setBody(body: BodyTemplate | null): void
  publish(name: string, json: string): void
  log(text: string): void
  takeEdits(): Edit[]
}

/** What a function of the host was given. */
export interface Given {
  /** A text; anything else is refused. */
  text(index: number): string
  /** A text that is written into the request or published: texts, finite numbers and truths. @throws ValueRefused */
  written(index: number, place: string): string
  isMissing(index: number): boolean
  isNull(index: number): boolean
  number(index: number): number
  boolean(index: number): boolean
  /** Text or bytes. */
  data(index: number): string | Uint8Array
}

/** A function of the host that the engine calls by name; its result crosses by value. */
export type HostFunction = (given: Given, run: CurrentRun) => unknown

/** Thrown when a script writes what is no text, or reads what is not there. The run fails, whatever the script catches. */
export class ValueRefused extends TypeError {
  override readonly name = 'TypeError'
}
