import { EzError } from '@ez/core'
import { systemTimers } from '../base/timers.ts'
import { createClient } from '../client.ts'
import type { ClientStep } from '../contract/client-step.ts'
import type { ClientOptions } from '../contract/options.ts'
import type { TemplateScript } from '../contract/template-script.ts'
import { invalid } from './check-capture.ts'
import { checkFlow } from './check-flow.ts'
import type { FlowEvent, FlowResult, SeenAnswer } from './events.ts'
import type { Flow, FlowConditions, FlowStep, StepAnswered } from './flow.ts'
import type { FlowJournal } from './journal.ts'
import type { OutputValues } from './output/step-output.ts'
import { FlowRun } from './run/flow-run.ts'
import { originsOf } from './run/origin.ts'
import { planFlow } from './run/plan.ts'
import { runStep } from './run/run-step.ts'

/** What a flow is run with: the options of a client, and how to go on. */
export interface FlowContext extends ClientOptions {
  /** The id of the flow step to begin with; `outputs` gives what the steps before it captured. */
  readonly from?: string
  /** Stop at the first record whose request is refused (default: count it, and go on). */
  readonly bail?: boolean
  /** Aborted when nothing new is to be sent: what is in flight is waited for, and the flow ends with EZ_ABORTED. */
  readonly stop?: AbortSignal
  /** Notes the records of `each`, so that a flow that was interrupted can go on. */
  readonly journal?: FlowJournal
  /** Told of everything that happens, as it happens. */
  readonly onEvent?: (event: FlowEvent) => void
  /** Told of answers, last pages and last repetitions as well; not of those of `each`. */
  readonly onAnswer?: (answer: SeenAnswer) => void
  /** Makes the pre-request steps of a flow step when it is sent (default: its own `preRequest`). */
  readonly stepsFor?: (
    step: FlowStep,
    values: OutputValues,
  ) => readonly ClientStep[] | Promise<readonly ClientStep[]>
  /** Gives what runs before a flow step's template is resolved, for each request of it (default: `templateScripts`). */
  readonly templateScriptsFor?: (
    step: FlowStep,
    values: OutputValues,
  ) => readonly TemplateScript[] | Promise<readonly TemplateScript[]>
  /** Told of an answer that was read whole and is as it should be; of a repeated step the last. A rejection ends the flow. */
  readonly afterAnswer?: (step: FlowStep, answer: StepAnswered, values: OutputValues) => void | Promise<void>
  /**
   * Says, once an answer has come, what it must be like (default: as the step has it). `values` is the object that
   * `stepsFor` was given for the same request.
   */
  readonly conditionsFor?: (step: FlowStep, values: OutputValues) => FlowConditions | Promise<FlowConditions>
}

/**
 * Runs a flow: requests one after the other, each prepared and signed anew, with what earlier answers gave.
 *
 * Records stream: a list of a million goes through `each` in memory that does not grow. All flow steps share one
 * `startedAt`. The first failure ends the flow, and nothing after it is sent; a refused record of `each` is counted.
 *
 * @throws EZ_FLOW_INVALID, EZ_NAME_RESERVED before anything is sent; EZ_CAPTURE_MISSING, EZ_REPEAT_FAILED,
 * EZ_REPEAT_ENDED, EZ_PAGE_REPEATED, EZ_RECORD_INVALID, EZ_NAME_AMBIGUOUS, EZ_EXPECTATION_UNMET, EZ_HTTP_STATUS,
 * EZ_HOST_NOT_ALLOWED, EZ_RESPONSE_TOO_LARGE, EZ_RESPONSE_UNREADABLE; the codes of `prepare` and `client.send`
 *
 * @example
 * ```ts
 * import { runFlow } from '@ez/client'
 *
 * const { captures } = await runFlow(
 *   {
 *     steps: [
 *       {
 *         id: 'create',
 *         method: 'POST',
 *         url: 'https://{{host}}/reports',
 *         body: { json: { from: '{%yesterday%}' } },
 *         capture: { report_id: { json: '$.reportId' } },
 *       },
 *       {
 *         id: 'wait',
 *         method: 'GET',
 *         url: 'https://{{host}}/reports/{%report_id%}',
 *         repeat: { every: '15s', atMost: '20m', until: { json: { '$.status': 'DONE' } } },
 *         capture: { document: { json: '$.documentId' } },
 *       },
 *     ],
 *   },
 *   { variables: { host: 'api.example.com' } },
 * )
 * console.log(captures.document)
 * ```
 */
export async function runFlow(flow: Flow, context: FlowContext = {}): Promise<FlowResult> {
  checkFlow(flow)
  const {
    from,
    bail = false,
    onEvent = () => undefined,
    onAnswer,
    stepsFor,
    conditionsFor,
    templateScriptsFor,
    afterAnswer,
    stop,
    journal,
    ...options
  } = context
  const first = from === undefined ? 0 : flow.steps.findIndex(({ id }) => id === from)
  if (first === -1) throw invalid('from', `no step is called ${from}.`)
  const clock = options.clock ?? (() => new Date())
  const startedAt = options.startedAt ?? clock()
  const settings: ClientOptions = { ...options, startedAt }
  const run = new FlowRun({
    client: createClient(settings),
    options: settings,
    timers: options.timers ?? systemTimers,
    clock,
    startedAt,
    bail,
    stop,
    journal,
    onEvent,
    onAnswer,
    stepsFor: stepsFor ?? (({ preRequest = [] }) => preRequest),
    conditionsFor: conditionsFor ?? ((step) => step),
    templateScriptsFor: templateScriptsFor ?? (() => options.templateScripts ?? []),
    afterAnswer: afterAnswer ?? (() => undefined),
    origins: await originsOf(flow, settings),
  })
  const planned = planFlow(flow, first)
  for (const [index, node] of planned.entries()) {
    options.signal?.throwIfAborted()
    onEvent({ type: 'step', step: node.step.id, number: first + index + 1, of: flow.steps.length })
    try {
      await runStep(node, run, { outputs: { ...options.outputs, ...run.captures }, data: options.data ?? {} })
    } catch (error) {
      throw atStep(error, node.step.id)
    }
  }
  return { captures: run.captures, steps: run.results, refused: run.refused }
}

// Errors of sending and preparing do not know the flow step.
function atStep(error: unknown, step: string): unknown {
  if (EzError.isInstance(error)) (error.details as Record<string, unknown>).step ??= step
  return error
}
