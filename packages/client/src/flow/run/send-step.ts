import { type PreparedRequest, type RequestTemplate, Secret } from '@ez/core'
import { attemptsOf } from '../../response/attempts-of.ts'
import { Answer } from '../answer/answer.ts'
import { type Condition, checkCondition } from '../answer/condition.ts'
import { hiderOf } from '../answer/hide.ts'
import { type ReadableAnswer, readBody } from '../answer/read-body.ts'
import { readingOf } from '../answer/reading.ts'
import type { FlowStep, Repeat } from '../flow.ts'
import type { OutputValues } from '../output/step-output.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { withHostOfVariables } from './host-of-variables.ts'
import { withUrlOfRecord } from './names.ts'
import { checkHost } from './origin.ts'

/** An answer as it came, its body unread, how long it took, and what it must be like. */
export interface RawAnswer {
  readonly response: ReadableAnswer
  readonly milliseconds: number
  readonly expect?: Condition
  readonly repeat?: Repeat
  /** What it was sent with. */
  readonly values: OutputValues
}

/** The request template of a flow step, without the keys of the flow. */
export function templateOf(step: FlowStep): RequestTemplate {
  const {
    id: _id,
    capture: _capture,
    repeat: _repeat,
    paginate: _paginate,
    records: _records,
    each: _each,
    concurrency: _concurrency,
    response: _response,
    output: _output,
    expect: _expect,
    ...template
  } = step
  return template
}

/** Prepares a flow step's request anew and sends it. */
export async function sendStep(
  step: FlowStep,
  request: RequestTemplate,
  run: FlowRun,
  scope: Scope,
  // Received before the answer counts, so that one that breaks off is retried.
  bufferBytes: number = readingOf(step.response).maxBytes + 1,
): Promise<RawAnswer> {
  run.checkStop()
  const { client, options, origins, startedAt, timers } = run.settings
  const context = contextOf(options)
  const url = withHostOfVariables(request.url, options.variables ?? {}, scope.data)
  const whole = await withUrlOfRecord({ ...request, url }, { ...context, ...scope })
  const own = { outputs: whole.scope.outputs, data: whole.scope.data }
  await checkHost(
    whole.template,
    step.id,
    { ...context, ...own },
    { origins, isSecure: run.isSecure },
    (options.preRequest ?? []).length > 0,
  )
  const values = { ...own, startedAt }
  const template = { ...whole.template, preRequest: [...(await run.settings.stepsFor(step, values))] }
  const began = timers.now()
  const templateScripts = await run.settings.templateScriptsFor(step, values)
  const response = await client.send(template, {
    ...own,
    bufferBytes,
    throwOnError: false,
    ...(templateScripts.length > 0 && { templateScripts }),
  })
  const milliseconds = timers.now() - began
  run.isSecure ||= attemptsOf(response).some(({ prepared }) => prepared.url.startsWith('https:'))
  const result = run.result(step.id)
  result.answers += 1
  if (step.each === undefined) result.status = response.status
  run.tell({ type: 'answer', step: step.id, number: result.answers, status: response.status })
  const { expect, repeat } = await run.settings.conditionsFor(step, values)
  if (expect && expect !== step.expect) checkCondition(expect, `${step.id}.expect`)
  if (repeat && repeat !== step.repeat) {
    checkCondition(repeat.until, `${step.id}.repeat.until`)
    if (repeat.failWhen) checkCondition(repeat.failWhen, `${step.id}.repeat.failWhen`)
  }
  return { response, milliseconds, values, ...(expect && { expect }), ...(repeat && { repeat }) }
}

/** Reads an answer whole. @throws EZ_RESPONSE_TOO_LARGE */
export async function readAnswer(step: FlowStep, response: ReadableAnswer): Promise<Answer> {
  const reading = readingOf(step.response)
  return new Answer(response, await readBody(response, reading.maxBytes, step.id), reading, step.id)
}

/** The request that an answer is to, as it was sent last. */
export const preparedOf = (response: ReadableAnswer): PreparedRequest | undefined =>
  attemptsOf(response).at(-1)?.prepared

/** Hides secrets in what is told of an answer: those of the flow so far, and those that it gives itself. */
export function hiderOfStep(
  { capture = {} }: FlowStep,
  answer: Answer,
  response: ReadableAnswer,
  scope: Scope,
): Promise<(text: string) => string> {
  const known = Object.values(scope.outputs).filter((value) => Secret.isInstance(value))
  return hiderOf(capture, answer, known, preparedOf(response))
}

function contextOf(options: FlowRun['settings']['options']): Record<string, unknown> {
  const { variables, allowedHosts, clock, startedAt, nonce, uuid, stepTimeoutMs } = options
  return Object.fromEntries(
    Object.entries({ variables, allowedHosts, clock, startedAt, nonce, uuid, stepTimeoutMs }).filter(
      ([, value]) => value !== undefined,
    ),
  )
}
