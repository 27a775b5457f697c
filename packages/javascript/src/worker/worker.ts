// The entry of a worker thread: one engine module, one run at a time, each run in a fresh runtime.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core'
import type {
  Answer,
  Edit,
  Failure,
  FetchCall,
  FromWorker,
  Job,
  Question,
  ToWorker,
  WorkerStart,
} from '../protocol.ts'
import { Sandbox } from './sandbox.ts'

const { signal, answers } = workerData as WorkerStart
// The engine's heap never shrinks: a module that has grown is given up.
const largestHeapBytes = 96 * 1024 * 1024
let module = await newModule()
let current: Sandbox | undefined
let next = Promise.resolve(new Sandbox(module))

function newModule(): Promise<QuickJSWASMModule> {
  // The types of the variant name its CommonJS form, where the default export is one level down.
  return newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant)
}

const bridge = {
  fetch: (call: FetchCall): void => tell(call),
  ask(edits: readonly Edit[], question: Question): Answer {
    Atomics.store(signal, 0, 0)
    tell({ type: 'ask', edits, question })
    Atomics.wait(signal, 0, 0)
    return receiveMessageOnPort(answers)?.message as Answer
  },
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message)
}

async function run(job: Job): Promise<void> {
  const sandbox = await next
  current = sandbox
  const { edits, failure } = await sandbox.run(job, bridge)
  current = undefined
  tell({ type: 'done', edits, ...(failure === undefined ? {} : { failure }) })
  // Made while the host goes on with the request: the next run finds its engine ready.
  next = renew(sandbox, failure)
}

async function renew(sandbox: Sandbox, failure: Failure | undefined): Promise<Sandbox> {
  // A stopped engine may be in any state, and one that cannot be freed is broken: neither serves again.
  const stopped = failure !== undefined && failure.kind !== 'failed'
  if (stopped || !freed(sandbox) || module.getWasmMemory().buffer.byteLength > largestHeapBytes)
    module = await newModule()
  // The next script is most likely the same one, or one like it.
  return new Sandbox(module, sandbox.used)
}

function freed(sandbox: Sandbox): boolean {
  try {
    sandbox.dispose()
    return true
  } catch {
    return false
  }
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'fetched') current?.fetched(message)
  else void run(message)
})
tell({ type: 'ready' })
