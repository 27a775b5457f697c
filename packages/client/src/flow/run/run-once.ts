import type { RequestTemplate } from '@ez/core'
import { Answer } from '../answer/answer.ts'
import { captureValues } from '../answer/capture.ts'
import type { FlowStep } from '../flow.ts'
import { writeBody } from '../output/write-output.ts'
import { checkExpected } from './check-expected.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { repeatUntil } from './repeat.ts'
import { hiderOfStep, preparedOf, type RawAnswer, readAnswer, sendStep, templateOf } from './send-step.ts'
import { tellAnswer } from './tell-answer.ts'

/** Whether an answer goes to a place of its own: with `each` only as it came, else it is a line among others. */
export const hasOwnOutput = ({ output, each }: FlowStep): boolean =>
  output !== undefined && (each === undefined || output.format === 'raw')

/** What one request, or a repeated one, gave. */
export interface StepAnswer {
  /** `undefined` when its body went to the output as it came. */
  readonly answer: Answer | undefined
  readonly captured: Readonly<Record<string, unknown>>
  /** Makes what hides the secrets of the request in a text. */
  readonly hider?: () => Promise<(text: string) => string>
}

/** Sends one request, or the same one until its answer is as it should be; captures, and writes the output. */
export async function runOnce(step: FlowStep, run: FlowRun, scope: Scope): Promise<StepAnswer> {
  if (passesBodyOn(step)) return passBodyOn(step, run, scope)
  const { answer, response, values, milliseconds } = await answered(step, run, scope)
  const prepared = preparedOf(response)
  const snapshot = { status: answer.status, headers: [...response.headers], body: answer.bytes }
  if (prepared) await run.settings.afterAnswer(step, { prepared, response: snapshot, milliseconds }, values)
  const captured = await captureValues(step.capture ?? {}, answer, step.id)
  if (hasOwnOutput(step)) await write(streamOf(answer.bytes), step, run, scope)
  return { answer, captured, hider: () => hiderOfStep(step, answer, response, scope) }
}

/** An answer that was read whole and is as it should be: of a repeated step the last. */
export async function answered(
  step: FlowStep,
  run: FlowRun,
  scope: Scope,
  template: RequestTemplate = templateOf(step),
): Promise<RawAnswer & { readonly answer: Answer }> {
  if (step.repeat) return repeated(step, run, scope)
  const raw = await sendStep(step, template, run, scope)
  const answer = await readAnswer(step, raw.response)
  await tellAnswer(step, answer, raw.response, run, scope)
  await checkExpected(step, answer, raw, scope)
  return { ...raw, answer }
}

async function repeated(
  step: FlowStep,
  run: FlowRun,
  scope: Scope,
): Promise<RawAnswer & { readonly answer: Answer }> {
  const { id, repeat } = step
  const { timers, clock, options } = run.settings
  const template = templateOf(step)
  const last = await repeatUntil(repeat as NonNullable<FlowStep['repeat']>, {
    step: id,
    timers,
    clock,
    signal: signalOf(options.signal, run.settings.stop),
    send: async () => {
      const raw = await sendStep(step, template, run, scope)
      const answer = await readAnswer(step, raw.response)
      await tellAnswer(step, answer, raw.response, run, scope)
      return { ...raw, answer }
    },
    hider: ({ answer, response }) => hiderOfStep(step, answer, response, scope),
    onWait: (number, delayMs) => run.tell({ type: 'wait', step: id, number, delayMs }),
  })
  if (step.expect) await checkExpected(step, last.answer, last, scope)
  return last
}

const signalOf = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined => {
  const given = signals.filter((signal) => signal !== undefined)
  return given.length > 1 ? AbortSignal.any(given) : given[0]
}

// Nothing reads the body but the output, so it need not be held.
function passesBodyOn(step: FlowStep): boolean {
  const { repeat, capture = {}, expect } = step
  return (
    hasOwnOutput(step) &&
    !repeat &&
    expect?.text === undefined &&
    expect?.json === undefined &&
    Object.values(capture).every(({ header, status }) => header !== undefined || status === true)
  )
}

const refusalBytes = 65_536

async function passBodyOn(step: FlowStep, run: FlowRun, scope: Scope): Promise<StepAnswer> {
  const raw = await sendStep(step, templateOf(step), run, scope, 0)
  const { response } = raw
  const head =
    response.status < 400
      ? new Answer(response, new Uint8Array(), {}, step.id)
      : await readAnswer({ ...step, response: { maxBytes: refusalBytes } }, response)
  await tellAnswer(step, head, response, run, scope)
  await checkExpected(step, head, raw, scope)
  const captured = await captureValues(step.capture ?? {}, head, step.id)
  await write(response.status < 400 ? (response.body ?? streamOf()) : streamOf(head.bytes), step, run, scope)
  return { answer: undefined, captured }
}

async function write(
  body: ReadableStream<Uint8Array>,
  { id, output }: FlowStep,
  run: FlowRun,
  scope: Scope,
): Promise<void> {
  if (!output) return
  const values = { ...scope, startedAt: run.settings.startedAt }
  const result = run.result(id)
  const before = result.bytes ?? 0
  const written = await writeBody(body, output, values, id, (bytes) =>
    run.tell({ type: 'bytes', step: id, bytes: before + bytes }),
  )
  result.bytes = (result.bytes ?? 0) + written
}

function streamOf(bytes: Uint8Array = new Uint8Array()): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}
