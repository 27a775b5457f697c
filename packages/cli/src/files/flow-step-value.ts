import type { Capture, Condition, FlowStep, Pagination, ResponseReading } from '@ez/client'
import type { RequestValue } from './request-file.ts'

/** Where a flow step writes, as it is written. */
export interface OutputValue {
  readonly file: string
  readonly format?: 'raw' | 'json' | 'ndjson' | 'csv'
  readonly columns?: string[]
  readonly decompress?: 'auto' | 'gzip' | 'zip' | 'none'
  readonly maxBytes?: number
}

/** A flow step, as it is written. */
export interface FlowStepValue extends RequestValue {
  readonly id: string
  readonly capture?: Record<string, Capture>
  readonly repeat?: NonNullable<FlowStep['repeat']> & { readonly until: Condition }
  readonly paginate?: Pagination
  readonly records?: string
  readonly each?: string
  readonly concurrency?: number
  readonly response?: ResponseReading['format'] | ResponseReading
  readonly output?: OutputValue
}
