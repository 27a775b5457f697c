import DataLoader from 'dataloader'
import pRetry from 'p-retry'
import type { BeginningRow, Begun, EndedRow, ReleasedRow, RowStore } from '../contract/storage.ts'

const together = 500

/**
 * Writes intents and ends: those that are ready together go out in one write.
 *
 * An end is tried until the store has it: the answer is here, and nowhere else.
 */
export class Intents {
  readonly #begin: DataLoader<BeginningRow, Begun>
  readonly #finish: DataLoader<EndedRow, true>
  readonly #release: DataLoader<ReleasedRow, true>

  constructor(worker: string, rows: RowStore, signal: AbortSignal) {
    const kept = { retries: Number.POSITIVE_INFINITY, minTimeout: 100, maxTimeout: 2000, signal }
    const options = {
      cache: false,
      maxBatchSize: together,
      batchScheduleFn: (run: () => void) => void setImmediate(run),
    }
    this.#begin = new DataLoader((given: readonly BeginningRow[]) => rows.begin(worker, given), options)
    this.#finish = new DataLoader(async (given: readonly EndedRow[]) => {
      await pRetry(() => rows.finish(worker, given), kept)
      return given.map(() => true as const)
    }, options)
    this.#release = new DataLoader(async (given: readonly ReleasedRow[]) => {
      await pRetry(() => rows.release(worker, given), kept)
      return given.map(() => true as const)
    }, options)
  }

  begin(row: BeginningRow): Promise<Begun> {
    return this.#begin.load(row)
  }

  async finish(row: EndedRow): Promise<void> {
    await this.#finish.load(row)
  }

  async release(row: ReleasedRow): Promise<void> {
    await this.#release.load(row)
  }
}
