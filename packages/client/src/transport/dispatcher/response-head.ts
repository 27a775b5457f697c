import type { Pairs } from '@ez/core'

/** What came before the body. */
export interface ResponseHead {
  readonly status: number
  readonly statusText: string
  readonly headers: Pairs
  readonly bodyless: boolean
}
