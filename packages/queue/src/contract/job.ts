/** Where a job stands: its rows are still being added, taken by workers, held, given up, or all ended. */
export type JobState = 'adding' | 'running' | 'paused' | 'cancelled' | 'done'

/** How a row ended: with an answer, without having been sent, or sent with nobody knowing whether it arrived. */
export type RowEnd = 'answered' | 'unsent' | 'in doubt'

/** A limit that all workers keep together, for one account of a vendor. */
export interface JobLimit {
  /** Requests a second. */
  readonly perSecond?: number
  /** Requests at the same time. */
  readonly concurrency?: number
}

/** What is sent for each row. It is stored as it stands: it must hold no secret. */
export interface JobDescription {
  /** How people tell it from others. */
  readonly name: string
  /** What the workers' `open` makes requests of, as JSON: a request file with its scripts. */
  readonly definition: string
  /** Whether a row of which nobody knows whether it arrived may be sent again by itself. */
  readonly repeatable: boolean
  /** Names of the variables that a worker must have. */
  readonly variables: readonly string[]
  /** How fast the rows of one account may be sent. */
  readonly limit?: JobLimit
}

/** A job in the store. */
export interface Job extends JobDescription {
  /** Twelve letters and digits. */
  readonly id: string
  /** ISO instant at which it was added; `startedAt` of its time tokens. */
  readonly startedAt: string
  /** SHA-256 of the definition, in hex: what a worker is told to trust. */
  readonly fingerprint: string
  /** HMAC-SHA256 of fingerprint, id and instant with the shared key, in hex; empty without one. */
  readonly signature: string
  /** How far the job is. */
  readonly state: JobState
  /** Rows that were added so far. */
  readonly rows: number
}

/** A row, as it is added. */
export interface JobRow {
  /** From 1, in the order of the file. */
  readonly number: number
  /** The account whose limit it counts for. */
  readonly key: string
  /** What `{{names}}` stand for, always literal. */
  readonly data: Readonly<Record<string, unknown>>
}

/** What became of a row. */
export interface RowResult {
  /** Number of the row in its job, from 1. */
  readonly row: number
  /** How the row ended. */
  readonly end: RowEnd
  /** What the worker made of it: for people and reports, free of secrets. */
  readonly result: Readonly<Record<string, unknown>>
}

/** Rows of a job by account. */
export interface KeyCounts {
  /** The account. */
  readonly key: string
  /** Rows of the account. */
  readonly rows: number
  /** Rows that the server answered. */
  readonly answered: number
  /** Rows that ended without having been sent. */
  readonly unsent: number
  /** Rows of which nobody knows whether they arrived. */
  readonly inDoubt: number
}
