import { EzError, type RequestTemplate } from '@ez/core'
import { attemptsOf } from '../../response/attempts-of.ts'
import { statusError } from '../../send/status-error.ts'
import { Answer, readingOf } from '../answer/answer.ts'
import { unmetConditions } from '../answer/condition.ts'
import { type ReadableAnswer, readBody } from '../answer/read-body.ts'
import type { FlowStep } from '../flow.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { checkHost } from './origin.ts'

/** An answer as it came, its body unread, and how long it took. */
export interface RawAnswer {
  readonly response: ReadableAnswer
  readonly milliseconds: number
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
  bufferBytes: number = readingOf(step).maxBytes + 1,
): Promise<RawAnswer> {
  const { client, options, origins, startedAt } = run.settings
  const own = { outputs: scope.outputs, data: scope.data }
  await checkHost(
    request,
    step.id,
    { ...contextOf(options), ...own },
    { origins, isSecure: run.isSecure },
    (options.preRequest ?? []).length > 0,
  )
  const template = { ...request, preRequest: [...(await run.settings.stepsFor(step, { ...own, startedAt }))] }
  const began = run.settings.timers.now()
  const response = await client.send(template, { ...own, bufferBytes, throwOnError: false })
  const milliseconds = run.settings.timers.now() - began
  run.isSecure ||= attemptsOf(response).some(({ prepared }) => prepared.url.startsWith('https:'))
  const result = run.result(step.id)
  result.answers += 1
  if (step.each === undefined) result.status = response.status
  run.tell({ type: 'answer', step: step.id, number: result.answers, status: response.status })
  return { response, milliseconds }
}

/** Reads an answer whole. @throws EZ_RESPONSE_TOO_LARGE */
export async function readAnswer(step: FlowStep, response: ReadableAnswer): Promise<Answer> {
  const reading = readingOf(step)
  return new Answer(response, await readBody(response, reading.maxBytes, step.id), reading, step.id)
}

/**
 * Refuses an answer that is not as expected; without an expectation, a status of 400 and above.
 *
 * @throws EZ_HTTP_STATUS, EZ_EXPECTATION_UNMET
 */
export function checkExpected(step: FlowStep, answer: Answer, { response, milliseconds }: RawAnswer): void {
  const { expect } = step
  if (answer.status >= 400 && expect?.status === undefined) {
    const last = attemptsOf(response).at(-1)
    const snapshot = { status: answer.status, headers: [...answer.headers], body: answer.bytes }
    throw last
      ? statusError(last, snapshot)
      : new EzError('EZ_HTTP_STATUS', `${step.id} answered ${answer.status}.`)
  }
  const unmet = expect ? unmetConditions(expect, answer, milliseconds) : []
  if (unmet.length > 0)
    throw new EzError('EZ_EXPECTATION_UNMET', `${step.id}: ${unmet.join('; ')}.`, {
      details: { step: step.id, unmet },
    })
}

function contextOf(options: FlowRun['settings']['options']): Record<string, unknown> {
  const { variables, allowedHosts, clock, startedAt, nonce, uuid, stepTimeoutMs } = options
  return Object.fromEntries(
    Object.entries({ variables, allowedHosts, clock, startedAt, nonce, uuid, stepTimeoutMs }).filter(
      ([, value]) => value !== undefined,
    ),
  )
}
