import type { BenchCase, CompareOptions } from './harness.ts'

/** A table of the benchmark; its cases are made only when it is run. */
export interface BenchGroup {
  readonly title: string
  readonly cases: () => BenchCase[] | Promise<BenchCase[]>
  readonly options?: CompareOptions
}
