import { type FlowEvent, type FlowResult, runFlow, type TransportOptions } from '@ez/client'
import { EzError } from '@ez/core'
import { locatedError } from '../files/locate.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import type { Session } from '../session.ts'
import { flowOfFile, type OutputFlags } from './flow-of-file.ts'

/** How a flow file is run. */
export interface FlowFlags extends OutputFlags {
  /** How connections are made. */
  readonly transport: TransportOptions
  readonly timeoutMs: number
  readonly retries: number
  readonly from?: string
  readonly bail: boolean
  readonly signal: AbortSignal
}

/** Runs the steps of a flow file; errors say the line of the file. */
export async function runFlowFile(
  session: Session,
  steps: readonly LoadedRequest[],
  flags: FlowFlags,
  onEvent: (event: FlowEvent) => void,
): Promise<FlowResult> {
  const first = steps[0] as LoadedRequest
  const { uuid: _, ...context } = await session.context(first)
  const requestOf = (id: string): LoadedRequest => steps.find(({ step }) => step?.id === id) ?? first
  try {
    return await runFlow(await flowOfFile(session, steps, flags, context), {
      ...context,
      ...flags.transport,
      timeoutMs: flags.timeoutMs,
      retry: flags.retries === 0 ? false : { limit: flags.retries },
      signal: flags.signal,
      bail: flags.bail,
      ...(flags.from !== undefined && { from: flags.from }),
      onEvent,
      stepsFor: async ({ id }, values) => {
        return (await session.ready(requestOf(id), values)).template.preRequest ?? []
      },
    })
  } catch (error) {
    const step = EzError.isInstance(error) ? error.details.step : undefined
    throw locatedError(error, typeof step === 'string' ? requestOf(step) : first)
  }
}
