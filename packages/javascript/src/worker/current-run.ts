import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { WireRequest } from '../protocol.ts'
import type { Arguments } from './border.ts'
import type { RequestState } from './request-state.ts'

/** What the globals stand on during a run. */
export interface CurrentRun {
  readonly state: RequestState
  readonly nonce: string
  /** The request in wire form; waits for the host. */
  read(): WireRequest
  /** The value of a variable, or of a `{%name%}`; waits for the host. */
  ask(question: 'variable' | 'runtime', name: string): unknown
  /** Starts a request of the script; its promise. */
  send(given: Arguments): QuickJSHandle
  /** The body of a response. */
  take(id: number): Uint8Array
}
