import type { PreRequestScript } from '@ez/core'
import type { ReadyRequest } from '../session.ts'

/** The clock, nonce and `{%uuid%}` of an attempt. */
export interface AttemptValues {
  readonly at: string
  readonly nonce: string
  readonly uuid?: string
}

/** A request as in the attempt that was answered. */
export const asAttempted = (ready: ReadyRequest, { at, nonce }: AttemptValues): ReadyRequest => ({
  ...ready,
  context: { ...ready.context, clock: () => new Date(at), nonce: () => nonce },
})

/** With a script in front, which sees the clock and nonce of each attempt, with what the client corrected. */
export function observed(ready: ReadyRequest, values: { last?: AttemptValues }): ReadyRequest {
  const observer: PreRequestScript = {
    specVersion: 1,
    id: 'save',
    run: (_request, context) => {
      const uuid = context.runtime('uuid')
      values.last = {
        at: context.now().toISOString(),
        nonce: context.nonce(),
        // One that was given may be secret, or no text.
        ...(typeof uuid === 'string' && { uuid }),
      }
    },
  }
  return withStep(ready, observer)
}

/** With a step in front. */
export const withStep = (ready: ReadyRequest, step: PreRequestScript): ReadyRequest => ({
  ...ready,
  template: { ...ready.template, preRequest: [step, ...(ready.template.preRequest ?? [])] },
})
