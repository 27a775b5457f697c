// The entry of a worker thread: one run at a time, each in a runtime in which nothing has run.
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
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
import { Engines } from './engines.ts'

const { signal, answers, module } = workerData as WorkerStart
const engines = new Engines(module)

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
  let orderly = false
  try {
    const { edits, failure } = await engines.spare.run(job, bridge)
    orderly = failure === undefined || failure.kind === 'failed' || failure.kind === 'value'
    tell({ type: 'done', edits, ...(failure === undefined ? {} : { failure }) })
  } catch (error) {
    const cause = `${engines.complaint} ${(error as Error).name}: ${(error as Error).message}`.trim()
    tell({ type: 'done', edits: [], failure: { kind: 'broken', message: cause } })
  }
  // Done while the host goes on with the request: the next run finds a sandbox in which nothing has run.
  engines.renew(orderly)
}

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'fetched') engines.spare.fetched(message)
  else void run(message)
})
tell({ type: 'ready' })
