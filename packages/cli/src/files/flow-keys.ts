import type { Condition, FlowStep, Pagination, ResponseReading } from '@ez/client'

/** Where a flow step writes, as it is written. */
export interface OutputValue {
  readonly file: string
  readonly format?: 'raw' | 'json' | 'ndjson' | 'csv'
  readonly columns?: string[]
  readonly decompress?: 'auto' | 'gzip' | 'zip' | 'none'
  readonly maxBytes?: number
}

/** A pagination whose next page a script tells, as it is written. */
export interface ScriptPaginationValue {
  readonly style: 'script'
  /** Path of a JavaScript or Python file, relative to the request file. */
  readonly script: string
  readonly items?: string
  readonly initial?: Readonly<Record<string, unknown>>
  readonly maxPages?: number
}

/** The keys of a flow step that a request has not, as they are written. */
export interface FlowKeys {
  readonly id: string
  readonly repeat?: NonNullable<FlowStep['repeat']> & { readonly until: Condition }
  readonly paginate?: Pagination | ScriptPaginationValue
  readonly records?: string
  readonly each?: string
  readonly response?: ResponseReading['format'] | ResponseReading
  readonly output?: OutputValue
}
