/** A record of a step that others run for, and which one it is. */
export interface NumberedRecord {
  /** The id of the flow step whose record it is. */
  readonly step: string
  /** From 1, in the order of the list. */
  readonly number: number
  readonly record: unknown
}

/** What became of the requests of a record. */
export interface RecordOutcome {
  /** HTTP status of the last answer. */
  readonly status?: number
  /** What was captured from its answers; secrets are `Secret`. */
  readonly captures: Readonly<Record<string, unknown>>
  /** Text of the last answer, where it was read. */
  readonly body?: string
  /** Milliseconds from its first request to its last answer. */
  readonly milliseconds: number
  /** Why it was refused, or could not be sent. */
  readonly error?: unknown
}

/** Notes which records were sent, so that a flow that was interrupted can go on. */
export interface FlowJournal {
  /** Waited for before the first request of a record; `false` when it was dealt with before, and is not to be sent. */
  begin(record: NumberedRecord): boolean | Promise<boolean>
  /** Told when the requests of a record are over. */
  end(record: NumberedRecord, outcome: RecordOutcome): void
}
