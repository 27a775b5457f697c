import type { ReporterName } from '../report/report.ts'
import type { ColumnTypes } from '../rows/column-types.ts'
import type { TransportFlags } from '../send/transport.ts'
import type { CommonFlags } from '../session.ts'

/** The flags of `ez run`. */
export interface RunFlags extends CommonFlags, TransportFlags {
  readonly concurrency?: number
  readonly timeout: number
  readonly retries: number
  readonly data?: string
  readonly delimiter?: string
  readonly encoding?: string
  readonly types?: ColumnTypes
  readonly out?: string
  readonly keep?: 'body'
  readonly resume?: boolean
  readonly takeOver?: boolean
  readonly fsync?: boolean
  readonly queue?: string | boolean
  readonly detach?: boolean
  readonly output?: string
  readonly save?: string
  readonly reporter?: ReporterName
  readonly reportFile?: string
  readonly from?: string
  readonly bail?: boolean
  readonly force?: boolean
  readonly include?: boolean
  readonly verbose?: boolean
  readonly quiet?: boolean
  readonly follow?: boolean
}
