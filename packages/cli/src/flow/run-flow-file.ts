import { type FlowEvent, type FlowJournal, type FlowResult, runFlow, type SeenAnswer } from '@ez/client'
import { EzError } from '@ez/core'
import { locatedError } from '../files/locate.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import type { TestResult } from '../providers/postman.ts'
import { rateLimitsOf } from '../send/rate-limits.ts'
import type { Connections } from '../send/transport.ts'
import { tellWait } from '../send/wait.ts'
import type { Session } from '../session.ts'
import { checkTests } from './check-tests.ts'
import { Conditions } from './conditions.ts'
import { flowOfFile, type OutputFlags } from './flow-of-file.ts'

/** How a flow file is run. */
export interface FlowFlags extends OutputFlags {
  /** How connections are made. */
  readonly transport: Connections
  readonly timeoutMs: number
  readonly retries: number
  readonly follow: boolean
  /** Told before a wait for another attempt. */
  readonly onWait: (text: string) => void
  readonly from?: string
  readonly bail: boolean
  /** Aborted when nothing new is to be sent. */
  readonly stop: AbortSignal
  readonly journal?: FlowJournal
  /** Told of answers, where they are shown. */
  readonly onAnswer?: (answer: SeenAnswer) => void
}

/** Runs the steps of a flow file; errors say the line of the file. */
export async function runFlowFile(
  session: Session,
  steps: readonly LoadedRequest[],
  flags: FlowFlags,
  onEvent: (event: FlowEvent) => void,
  onTests: (step: string, tests: readonly TestResult[]) => void = () => undefined,
): Promise<FlowResult> {
  const first = steps[0] as LoadedRequest
  const { uuid: _, ...context } = await session.context(first)
  const requestOf = (id: string): LoadedRequest => steps.find(({ step }) => step?.id === id) ?? first
  const conditions = new Conditions(session)
  try {
    return await runFlow(await flowOfFile(session, steps, flags, context), {
      ...context,
      ...flags.transport,
      timeoutMs: flags.timeoutMs,
      rateLimit: await rateLimitsOf(session, steps),
      retry: flags.retries === 0 ? false : { limit: flags.retries },
      stop: flags.stop,
      ...(flags.journal && { journal: flags.journal }),
      bail: flags.bail,
      ...(flags.follow && { redirect: 'follow' as const }),
      hooks: { beforeRetry: tellWait(flags.onWait) },
      ...(flags.from !== undefined && { from: flags.from }),
      onEvent,
      ...(flags.onAnswer && { onAnswer: flags.onAnswer }),
      stepsFor: async ({ id }, values) => {
        const request = requestOf(id)
        // Their options read a record by "record." only.
        const { record } = values.data
        const own = { ...values, data: record === undefined ? {} : { record } }
        const ready = await session.ready(request, own)
        const watched = await conditions.watch(request, values, {
          ...ready,
          context: { ...ready.context, ...values },
        })
        return watched.template.preRequest ?? []
      },
      templateScriptsFor: async ({ id }) => {
        const postman = await session.postman.open(requestOf(id))
        return postman ? [postman.script] : []
      },
      afterAnswer: async ({ id }, answer, values) => {
        const request = requestOf(id)
        const postman = await session.postman.open(request)
        if (postman?.hasTests)
          await checkTests(id, postman, answer, await session.context(request, values), onTests)
      },
      conditionsFor: ({ id }, values) => conditions.of(requestOf(id), values),
    })
  } catch (error) {
    const step = EzError.isInstance(error) ? error.details.step : undefined
    throw locatedError(error, typeof step === 'string' ? requestOf(step) : first)
  }
}
