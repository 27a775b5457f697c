import { EzError } from '@ez/core'
import type { Job, SentRow, WorkerEvents } from '@ez/queue'
import { printable } from '../output/printable.ts'

const everyMs = 10_000

/** What a worker tells: JSON lines with `--json`, else lines for people. Rows are summed up every ten seconds. */
export class WorkerLog implements WorkerEvents {
  readonly #json: boolean
  readonly #timer: NodeJS.Timeout
  #counts = { answered: 0, unsent: 0, 'in doubt': 0 }
  #lastFailure = ''

  constructor(json: boolean) {
    this.#json = json
    this.#timer = setInterval(() => this.#sum(), everyMs)
  }

  started(worker: string): void {
    this.#write('info', 'started', `worker ${worker} takes rows`, { worker, process: process.pid })
  }

  stopping(active: number, grace: number): void {
    this.#write('info', 'stopping', `ending: ${active} rows are being sent, for ${grace} s at the most`, {
      active,
      grace,
    })
  }

  stopped(signal: string): void {
    this.#sum()
    this.#write('info', 'stopped', 'ended', { signal })
  }

  close(): void {
    clearInterval(this.#timer)
  }

  readonly ended = (_job: string, _row: number, { end }: SentRow): void => {
    this.#counts[end] += 1
  }

  readonly refused = (job: Job, error: unknown): void => {
    const { code, message } = facts(error)
    this.#write('warn', 'refused', message, { job: job.id, code })
  }

  readonly failed = (error: unknown): void => {
    const { code, message } = facts(error)
    // A store that is away fails many times a second.
    if (message === this.#lastFailure) return
    this.#lastFailure = message
    this.#write('error', 'failed', `store or queue: ${message}`, { code })
  }

  #sum(): void {
    const counts = this.#counts
    const total = counts.answered + counts.unsent + counts['in doubt']
    this.#lastFailure = ''
    if (total === 0) return
    this.#counts = { answered: 0, unsent: 0, 'in doubt': 0 }
    this.#write(
      'info',
      'rows',
      `${total} rows: ${counts.answered} answered, ${counts.unsent} unsent, ${counts['in doubt']} in doubt`,
      { answered: counts.answered, unsent: counts.unsent, inDoubt: counts['in doubt'] },
    )
  }

  #write(level: string, event: string, message: string, data: Record<string, unknown>): void {
    const time = new Date().toISOString()
    const safe = printable(message)
    process.stdout.write(
      this.#json
        ? `${JSON.stringify({ time, level, event, message: safe, ...data })}\n`
        : `${time} ${safe}\n`,
    )
  }
}

function facts(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error)
  return { code: EzError.isInstance(error) ? error.code : 'EZ_INTERNAL', message }
}
