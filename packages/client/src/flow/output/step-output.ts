/** What a flow step's output may be named by: runtime values and variables, as templates see them. */
export interface OutputValues {
  /** Runtime values by name: those of `{%name%}`. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** Values of the run by name, such as those of a record: they come before variables. */
  readonly data: Readonly<Record<string, unknown>>
  /** Start of the run, from which time tokens count. */
  readonly startedAt: Date
}

/** Where a flow step's answer, or its records, are written. */
export interface StepOutput {
  /**
   * Opens the place; called when the first answer is good, so that a refused one overwrites nothing. Closing the
   * stream means that all of it arrived; aborting it that what was written is to be dropped.
   */
  readonly to: (values: OutputValues) => WritableStream<Uint8Array> | Promise<WritableStream<Uint8Array>>
  /**
   * Default: `ndjson` with `records` or `each`, else `raw`, the bytes as they came. With `records` the records are
   * written, with `each` the answers; `raw` with `each` opens a place for each answer.
   */
  readonly format?: 'raw' | 'json' | 'ndjson' | 'csv'
  /** Columns of `csv` (default: the keys of the first record). */
  readonly columns?: readonly string[]
  /** What a `raw` body is unpacked from (default `none`); `auto` looks at its first bytes. */
  readonly decompress?: 'auto' | 'gzip' | 'zip' | 'none'
  /** Bytes at most, unpacked (default 1,073,741,824): EZ_RESPONSE_TOO_LARGE. */
  readonly maxBytes?: number
}
