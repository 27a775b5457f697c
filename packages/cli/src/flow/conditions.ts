import type { FlowConditions, OutputValues } from '@ez/client'
import type { PrepareContext } from '@ez/core'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { bigintText, resolveValue } from '../providers/options.ts'
import { type AttemptValues, observed } from '../send/observe.ts'
import type { ReadyRequest, Session } from '../session.ts'

const mayHold = (value: unknown, start: string): boolean =>
  JSON.stringify(value, bigintText)?.includes(start) === true

/** The conditions of a flow's steps, whose tokens are resolved for each request: records and captures stand in them. */
export class Conditions {
  readonly #session: Session
  readonly #attempts = new WeakMap<OutputValues, { last?: AttemptValues }>()

  constructor(session: Session) {
    this.#session = session
  }

  /**
   * The steps of a request, before it is sent; with one in front that notes the attempt's clock and nonce where the
   * conditions ask for them. What the conditions miss is told before anything is sent.
   */
  async watch(request: LoadedRequest, values: OutputValues, ready: ReadyRequest): Promise<ReadyRequest> {
    const written = writtenConditions(request)
    if (!mayHold(written, '{{') && !mayHold(written, '{%')) return ready
    await this.#resolved(request, ready.context)
    if (!mayHold(written, '{%')) return ready
    const attempt: { last?: AttemptValues } = {}
    this.#attempts.set(values, attempt)
    return observed(ready, attempt)
  }

  /** What the answer to a request must be like. */
  async of(request: LoadedRequest, values: OutputValues): Promise<FlowConditions> {
    const { last } = this.#attempts.get(values) ?? {}
    const context = await this.#session.context(request, {
      ...values,
      ...(last && { clock: () => new Date(last.at), nonce: () => last.nonce }),
      ...(last?.uuid !== undefined && { uuid: () => last.uuid as string }),
    })
    return this.#resolved(request, context)
  }

  async #resolved(request: LoadedRequest, context: PrepareContext): Promise<FlowConditions> {
    const conditions: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(writtenConditions(request))) {
      const { source, path } = layerOf(request, key)
      conditions[key] = await resolveValue(value, context, request, { source, path: [...path, key] })
    }
    return conditions as FlowConditions
  }
}

function writtenConditions({ value: { expect }, step }: LoadedRequest): FlowConditions {
  return {
    ...(expect && { expect: expect as NonNullable<FlowConditions['expect']> }),
    ...(step?.repeat && { repeat: step.repeat }),
  }
}

/** The conditions as they are checked before anything is sent: those with tokens are not known yet. */
export function knownConditions(request: LoadedRequest): FlowConditions {
  const { expect, repeat } = writtenConditions(request)
  const known = <Value>(condition: Value): Value | { readonly status: number } =>
    mayHold(condition, '{{') || mayHold(condition, '{%') ? { status: 200 } : condition
  return {
    ...(expect && { expect: known(expect) }),
    ...(repeat && {
      repeat: {
        ...repeat,
        until: known(repeat.until),
        ...(repeat.failWhen && { failWhen: known(repeat.failWhen) }),
      },
    }),
  }
}
