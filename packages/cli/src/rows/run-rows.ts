import type { LoadedRequest } from '../files/request-file.ts'
import { startProgress } from '../output/progress.ts'
import type { Executor } from '../send/execute.ts'
import type { Outcome } from '../send/outcome.ts'
import { pooled } from '../send/pool.ts'
import { boundMemory } from './bound-memory.ts'
import { openJournal, tellUnsent } from './open-journal.ts'
import { type DataFormat, type Row, readRows } from './read.ts'
import type { RowOutputs } from './row-outputs.ts'
import { type Summary, Tally } from './tally.ts'

export interface RowsOptions {
  readonly data: string
  readonly format?: DataFormat
  readonly out?: string
  readonly resume: boolean
  readonly takeOver: boolean
  readonly fsync: boolean
  readonly concurrency: number
  readonly outputs?: RowOutputs
  /** Aborted when no further row is to be started. */
  readonly stop: AbortSignal
  /** Told what people should know, on standard error. */
  readonly note: (text: string) => void
  readonly seen: (outcome: Outcome) => void
}

/** Sends one request for each row. Rows that are in flight when the run is stopped are waited for. */
export async function runRows(
  executor: Executor,
  request: LoadedRequest,
  options: RowsOptions,
): Promise<Summary> {
  // Before the results are opened: a name that was mistyped must not leave a file behind.
  const rows = await begun(readRows(options.data, options.format))
  const journal = options.out === undefined ? undefined : openJournal(options.out, options, options.note)
  const tally = new Tally()
  boundMemory()
  const progress = await startProgress(() => countRows(options.data, options.format))
  const halt = new AbortController()
  const stop = AbortSignal.any([options.stop, halt.signal])
  const send = async (row: Row): Promise<void> => {
    if (journal?.isDone(row)) {
      tally.skip()
      progress.step()
      return
    }
    if (journal) await journal.start(row)
    const outcome = await executor.run(request, options.outputs ? { ...row, outputs: options.outputs } : row)
    journal?.finish(row, outcome)
    tally.add(outcome)
    options.seen(outcome)
    progress.step()
    // Every other row would fail in the same way.
    if (outcome.wrongInput) halt.abort()
  }
  let complete = false
  try {
    await pooled(rows, options.concurrency, send, stop)
    complete = !stop.aborted
  } finally {
    progress.end()
    await journal?.close(complete)
    if (journal) tellUnsent(journal, options.note)
  }
  return tally.summary()
}

/** Rows, the first of which could be read. */
async function begun(rows: AsyncGenerator<Row, void, undefined>): Promise<AsyncIterable<Row>> {
  const first = await rows.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* rows
  })()
}

async function countRows(file: string, format: DataFormat | undefined): Promise<number> {
  let count = 0
  for await (const _ of readRows(file, format)) count += 1
  return count
}
