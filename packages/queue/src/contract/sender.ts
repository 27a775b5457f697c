import type { Job, RowEnd } from './job.ts'

/** A row that is to be sent. */
export interface SendingRow {
  /** From 1. */
  readonly number: number
  /** What `{{names}}` stand for, always literal. */
  readonly data: Readonly<Record<string, unknown>>
  /** The job's: time tokens are the same for all its rows and attempts. */
  readonly startedAt: Date
  /** `{%uuid%}`: made of job and row, so that it is the same when the row is sent again. */
  readonly uuid: string
  /** Aborts when the worker must end at once. */
  readonly signal: AbortSignal
}

/** What became of a row that a worker took. */
export interface SentRow {
  /** How the row ended. */
  readonly end: RowEnd
  /** For people and reports, free of secrets; JSON. */
  readonly result: Readonly<Record<string, unknown>>
  /** The failure may pass, and the row may be sent again: it is, as long as attempts are left. */
  readonly again?: boolean
  /** The server asks for a pause, of so many milliseconds when it says so. `refused`: this row is sent again after it. */
  readonly pause?: { readonly ms?: number; readonly refused: boolean; readonly why: string }
  /** Requests a second that the server grants. */
  readonly perSecond?: number
}

/** Prepares, signs and sends one row; rejects only when the worker is at fault. */
export type RowSender = (row: SendingRow) => Promise<SentRow>

/**
 * Makes a sender for a job, once a worker and job.
 *
 * It throws EZ_JOB_REFUSED when the worker lacks what the job needs: other workers may have it.
 */
export type OpenJob = (job: Job) => Promise<RowSender> | RowSender
