import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { EzError } from '@ez/core'
import type { Answer, FromWorker, ToWorker, WorkerStart } from './protocol.ts'

/** What a run hears from its worker. */
export interface WorkerListener {
  message(message: FromWorker): void
  /** The thread ended, which it does only when the engine broke. */
  ended(cause: string): void
}

/** A thread with an engine of its own; serves one run at a time. */
export class SandboxWorker {
  readonly #worker: Worker
  readonly #signal = new Int32Array(new SharedArrayBuffer(4))
  readonly #answers: MessagePort
  readonly ready: Promise<void>
  alive = true
  listener: WorkerListener | undefined

  constructor(module: WebAssembly.Module) {
    const { port1, port2 } = new MessageChannel()
    this.#answers = port1
    // No environment, no flags of the host (such as --inspect or --import).
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      name: 'ez-javascript',
      env: {},
      // An engine that breaks says so on these; the host hears of it as an error.
      stdout: true,
      stderr: true,
      execArgv: [],
      workerData: { signal: this.#signal, answers: port2, module } satisfies WorkerStart,
      transferList: [port2],
      // A small young generation: what a run leaves is collected soon, and the process does not grow.
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 },
    })
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (message: FromWorker) => {
        if (message.type === 'ready') resolve()
        else this.listener?.message(message)
      })
      let cause = 'its thread ended'
      this.#worker.on('error', (error) => {
        cause = `${error.name}: ${error.message}`
        reject(error)
      })
      this.#worker.on('exit', () => {
        this.alive = false
        reject(new Error(cause))
        this.listener?.ended(cause)
      })
    })
    this.ready.catch(() => {})
  }

  send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  /** Answers a question; the thread sleeps until then. */
  answer(answer: Answer): void {
    this.#answers.postMessage(answer)
    Atomics.store(this.#signal, 0, 1)
    Atomics.notify(this.#signal, 0)
  }

  /** Whether this thread keeps the process alive. */
  hold(held: boolean): void {
    if (held) this.#worker.ref()
    else this.#worker.unref()
  }

  end(): void {
    this.alive = false
    this.#answers.close()
    void this.#worker.terminate()
  }
}

let compiled: Promise<WebAssembly.Module> | undefined

/** The engine, compiled once for all threads. */
function engineModule(): Promise<WebAssembly.Module> {
  compiled ??= WebAssembly.compile(
    readFileSync(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')),
  )
  return compiled
}

const mostWorkers = Math.max(2, Math.min(8, availableParallelism()))
const idle: SandboxWorker[] = []
const waiting: (() => void)[] = []
let count = 0

/** A worker that serves nobody else; waits when all are busy. */
export async function takeWorker(): Promise<SandboxWorker> {
  for (;;) {
    // The one that ran last: its code is warm.
    const worker = idle.pop()
    if (worker?.alive) {
      worker.hold(true)
      return worker
    }
    if (worker !== undefined) count -= 1
    else if (count < mostWorkers) return startWorker()
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
}

async function startWorker(): Promise<SandboxWorker> {
  count += 1
  let worker: SandboxWorker | undefined
  try {
    worker = new SandboxWorker(await engineModule())
    await worker.ready
    return worker
  } catch (error) {
    if (worker === undefined) count -= 1
    else giveWorker(worker, true)
    throw new EzError('EZ_SANDBOX_BROKEN', `javascript: no sandbox starts (${(error as Error).message}).`, {
      cause: error,
    })
  }
}

/** Gives a worker back; `spent` when it must not serve again. */
export function giveWorker(worker: SandboxWorker, spent: boolean): void {
  worker.listener = undefined
  if (spent || !worker.alive) {
    worker.end()
    count -= 1
  } else {
    // An idle thread lets the process end.
    worker.hold(false)
    idle.push(worker)
  }
  waiting.shift()?.()
}
