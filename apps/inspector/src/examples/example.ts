import type { Use } from '../view/state.ts'

/** What one click fills in. */
export interface Filled {
  readonly use: Use
  readonly request: string
  readonly answer: string
  /** Options of the scheme, as YAML; a published example's. */
  readonly credentials: string
  /** Id of a scheme that is not to be found by itself. */
  readonly scheme: string
  readonly at: string
  readonly nonce: string
}

/** An example that the page offers. */
export interface Example {
  /** As an address names it: `aws-sigv4`, `aws-sigv4/refused`. */
  readonly id: string
  readonly title: string
  /** Under which the page lists it. */
  readonly group: string
  /** Who published the values, or what was captured. */
  readonly source: string
  fill(): Promise<Filled>
}
