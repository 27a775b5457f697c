import type { Job } from '../contract/job.ts'
import type { RowSender, SentRow } from '../contract/sender.ts'
import { doubtText } from '../jobs/end-cancelled.ts'
import { isSealed, type RowSeal } from '../jobs/seal.ts'
import { refused } from '../jobs/trust.ts'
import type { Intents } from './intents.ts'
import type { OpenedJob } from './jobs.ts'
import { rowUuid } from './row-uuid.ts'

/** What is left to do with a row. */
export type RowLeft =
  | { readonly left: 'nothing' }
  /** It was not begun, or its intent was taken back: it stays in the queue. */
  | { readonly left: 'row' }
  /** To be looked at again after so many milliseconds. */
  | { readonly left: 'later'; readonly ms: number; readonly attempt: number }

/** What the rows of a worker share. */
export interface RowWorkOptions {
  readonly intents: Intents
  readonly seal: RowSeal | undefined
  /** How often a row is sent again when its failure may pass. */
  readonly retries: number
  readonly signal: AbortSignal
  readonly random: () => number
  readonly ended: (job: string, row: number, sent: SentRow) => void
}

const nothing = { left: 'nothing' } as const
const lookAgainMs = 3000

/** Sends rows; each is this worker's only once at a time. */
export class RowWork {
  readonly #options: RowWorkOptions
  readonly #mine = new Set<string>()

  constructor(options: RowWorkOptions) {
    this.#options = options
  }

  /** How many rows are being sent. */
  get active(): number {
    return this.#mine.size
  }

  /** Sends a row, if that may be; `told` hears at once what the server says of its limit. */
  async run(opened: OpenedJob, row: number, told: (sent: SentRow) => void): Promise<RowLeft> {
    const place = `${opened.job.id}-${row}`
    if (this.#mine.has(place)) return { left: 'later', ms: lookAgainMs, attempt: 0 }
    this.#mine.add(place)
    try {
      return await this.#run(opened, row, told)
    } finally {
      this.#mine.delete(place)
    }
  }

  async #run({ job, send }: OpenedJob, row: number, told: (sent: SentRow) => void): Promise<RowLeft> {
    const { intents, retries, signal } = this.#options
    const begun = await intents.begin({ job: job.id, row, repeatable: job.repeatable })
    if (begun.may === 'wait') return { left: 'later', ms: lookAgainMs, attempt: 0 }
    if (begun.may === 'doubt') {
      await this.#finish(job.id, row, { end: 'in doubt', result: { problems: [doubtText] } })
      return nothing
    }
    if (begun.may !== 'send') return nothing
    const sent = await this.#send(job, send, row, begun.data)
    told(sent)
    // The worker is ending, or all workers of the account wait: that is no attempt of the row.
    if (sent.pause?.refused || (sent.again && signal.aborted)) {
      await intents.release({ job: job.id, row, again: false })
      return { left: 'row' }
    }
    if (sent.again && begun.attempts < retries) {
      await intents.release({ job: job.id, row, again: true })
      return { left: 'later', ms: this.#backoffMs(begun.attempts), attempt: begun.attempts + 1 }
    }
    await this.#finish(job.id, row, sent)
    return nothing
  }

  async #send(job: Job, send: RowSender, row: number, stored: string): Promise<SentRow> {
    let data: Record<string, unknown>
    try {
      data = this.#dataOf(job, row, stored)
    } catch (error) {
      await this.#options.intents.release({ job: job.id, row, again: false })
      throw error
    }
    const { signal } = this.#options
    try {
      return await send({
        number: row,
        data,
        startedAt: new Date(job.startedAt),
        uuid: rowUuid(job.id, row),
        signal,
      })
    } catch (error) {
      // A sender tells what it knows; of what it throws nobody knows how far it came.
      const problems = [error instanceof Error ? error.message : String(error)]
      return { end: 'in doubt', result: { problems }, again: job.repeatable }
    }
  }

  async #finish(job: string, row: number, sent: SentRow): Promise<void> {
    await this.#options.intents.finish({ job, row, end: sent.end, result: JSON.stringify(sent.result) })
    this.#options.ended(job, row, sent)
  }

  #dataOf(job: Job, row: number, data: string): Record<string, unknown> {
    if (!isSealed(data)) return JSON.parse(data) as Record<string, unknown>
    if (this.#options.seal === undefined)
      throw refused(job, 'its rows are encrypted. Set the EZ_STORE_KEY that they were added with')
    return JSON.parse(this.#options.seal.open(data, `${job.id}-${row}`)) as Record<string, unknown>
  }

  // Half of it fixed, half of it by chance: rows that failed together do not come back together.
  #backoffMs(attempts: number): number {
    const most = Math.min(60_000, 1000 * 2 ** attempts)
    return most / 2 + (this.#options.random() * most) / 2
  }
}
