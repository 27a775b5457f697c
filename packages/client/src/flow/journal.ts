/** A record of a step that others run for, and which one it is. */
export interface NumberedRecord {
  /** The id of the flow step whose record it is. */
  readonly step: string
  /** From 1, in the order of the list. */
  readonly number: number
  /** The record, as it was read from the answer. */
  readonly record: unknown
}

/** What became of the requests of a record. */
export interface RecordOutcome {
  /** HTTP status of the last answer. */
  readonly status?: number
  /** What was captured from its answers, other secrets in it hidden; those of `secret: true` are `Secret`. */
  readonly captures: Readonly<Record<string, unknown>>
  /**
   * With `keepsBodies`, the body of the last answer, secrets hidden: the value of JSON, whose long numbers are texts; any
   * other as text. Of an answer that went to an output as it came it is missing.
   */
  readonly body?: unknown
  /** Milliseconds from its first request to its last answer. */
  readonly milliseconds: number
  /** Why it was refused, or could not be sent. */
  readonly error?: unknown
}

/** Notes which records were sent, so that a flow that was interrupted can go on. */
export interface FlowJournal {
  /** Whether outcomes have a `body` (default `false`). */
  readonly keepsBodies?: boolean
  /** Waited for before the first request of a record; `false` when it was dealt with before, and is not to be sent. */
  begin(record: NumberedRecord): boolean | Promise<boolean>
  /** Told when the requests of a record are over. */
  end(record: NumberedRecord, outcome: RecordOutcome): void
}
