// The entry of a worker thread: one run at a time, each in an engine in which nothing has run.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { newQuickJSWASMModuleFromVariant, type QuickJSSyncVariant } from 'quickjs-emscripten-core'
import type {
  Answer,
  Edit,
  FetchCall,
  FromWorker,
  Job,
  Question,
  ToWorker,
  WorkerStart,
} from '../protocol.ts'
import { Engine } from './engine.ts'

const { signal, answers } = workerData as WorkerStart
let current: Engine | undefined
let next = newEngine()

async function newEngine(): Promise<Engine> {
  // The types of the variant name its CommonJS form, where the default export is one level down.
  return new Engine(await newQuickJSWASMModuleFromVariant(variant as unknown as QuickJSSyncVariant))
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
  const engine = await next
  current = engine
  const { edits, failure } = await engine.run(job, bridge)
  current = undefined
  tell({ type: 'done', edits, ...(failure === undefined ? {} : { failure }) })
  // Done while the host goes on with the request: the next run finds an engine in which nothing has run.
  if (!engine.reset(job, failure)) next = newEngine()
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'fetched') current?.fetched(message)
  else void run(message)
})
await next
tell({ type: 'ready' })
