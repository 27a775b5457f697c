import type { MultipartPart } from '@ez/core'
import type { Job, Question, WireRequest } from '../../protocol.ts'
import type { CurrentRun } from '../functions/host-function.ts'
import type { SandboxBridge } from './bridge.ts'
import type { Stop } from './failure.ts'
import { RequestState } from './request-state.ts'

const mostFetches = 64

/** What one run has asked for, and how far it is. */
export class Run implements CurrentRun {
  readonly job: Job
  readonly state: RequestState
  readonly parts: MultipartPart[] = []
  stop: Stop | undefined
  /** Why the host refused a value that the script wrote or read. */
  refused: string | undefined
  /** The script that runs now, as errors name it. */
  file: string
  readonly #bridge: SandboxBridge
  readonly #deadline: number
  readonly #fetches = new Set<number>()
  #wire: WireRequest | undefined
  #wake: () => void = () => {}

  constructor(job: Job, bridge: SandboxBridge) {
    this.job = job
    this.file = job.file
    this.#bridge = bridge
    this.#deadline = performance.now() + job.timeoutMs
    this.state = new RequestState(job)
  }

  get nonce(): string {
    return this.job.nonce
  }

  /** Whether the engine must stop; it asks every few thousand steps. */
  interrupted(): boolean {
    if (performance.now() > this.#deadline) this.stop ??= 'timeout'
    return this.stop !== undefined
  }

  read(): WireRequest {
    this.#wire ??= this.#ask({ kind: 'request' }) as WireRequest
    return this.#wire
  }

  ask(kind: 'variable' | 'runtime', name: string): unknown {
    return this.#ask({ kind, name })
  }

  #ask(question: Question): unknown {
    const answer = this.#bridge.ask(this.state.takeEdits(), question)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer.value
  }

  send(id: number, url: string, method: string, headers: string, body: string | Uint8Array | null): void {
    if (id > mostFetches) throw new RangeError(`fetch: at most ${mostFetches} requests in a run`)
    this.#fetches.add(id)
    this.#bridge.fetch({
      type: 'fetch',
      id,
      url,
      method,
      headers: JSON.parse(headers) as [string, string][],
      body,
    })
  }

  /** How many answers the script waits for. */
  get waiting(): number {
    return this.#fetches.size
  }

  /** Whether the script waited for this answer. */
  answered(id: number): boolean {
    return this.#fetches.delete(id)
  }

  wake(): void {
    this.#wake()
  }

  woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
