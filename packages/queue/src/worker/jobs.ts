import type { Job } from '../contract/job.ts'
import type { JobQueue } from '../contract/job-queue.ts'
import type { OpenJob, RowSender } from '../contract/sender.ts'
import { checkTrust, type Trust } from '../jobs/trust.ts'

/** A job whose rows a worker sends. */
export interface OpenedJob {
  readonly job: Job
  readonly send: RowSender
}

/** A job that a worker has looked at. */
export type KnownJob =
  | OpenedJob
  /** The worker does not take it, and why. */
  | { readonly job: Job; readonly refused: unknown }

/** The jobs that a worker knows; each is looked at once. */
export class KnownJobs {
  readonly #queue: JobQueue
  readonly #open: OpenJob
  readonly #trust: Trust
  readonly #refuse: (job: Job, error: unknown) => void
  readonly #known = new Map<string, Promise<KnownJob | undefined>>()

  constructor(queue: JobQueue, open: OpenJob, trust: Trust, refuse: (job: Job, error: unknown) => void) {
    this.#queue = queue
    this.#open = open
    this.#trust = trust
    this.#refuse = refuse
  }

  /** A job with its sender; `undefined` when it is not in the store any more. */
  get(id: string): Promise<KnownJob | undefined> {
    let known = this.#known.get(id)
    if (!known) {
      known = this.#look(id)
      this.#known.set(id, known)
      // The store may be away for a while.
      known.then(
        (found) => found ?? this.#known.delete(id),
        () => this.#known.delete(id),
      )
    }
    return known
  }

  /** Forgets jobs that have no rows left. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id)
  }

  async #look(id: string): Promise<KnownJob | undefined> {
    const job = await this.#queue.storage.jobs.job(id)
    if (job === undefined) return undefined
    try {
      checkTrust(job, this.#trust)
      return { job, send: await this.#open(job) }
    } catch (error) {
      this.#refuse(job, error)
      return { job, refused: error }
    }
  }
}
