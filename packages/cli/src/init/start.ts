import type { FileValue } from '../files/request-file.ts'

/** A first request for a provider: what is asked, and what is written. */
export interface Start {
  /** Package, or package and subpath; empty for no provider. */
  readonly use: string
  /** How `--provider` names it where another start has the same provider. */
  readonly alias?: string
  readonly title: string
  readonly value: FileValue
}
