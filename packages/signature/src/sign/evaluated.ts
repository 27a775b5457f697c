import type { MaybePromise, ResolvedRequest, SignContext } from '@ez/core'
import type { Evaluation } from './evaluate.ts'

/** A signed evaluation. */
export interface Evaluated {
  readonly evaluation: Evaluation
  /** What the trace must not show. */
  readonly secrets: readonly string[]
}

/** Evaluates a description for a request; a promise only where a key pair or an option asks for it. */
export type Evaluate = (request: ResolvedRequest, context: SignContext) => MaybePromise<Evaluated>
