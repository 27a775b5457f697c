import type { Answer } from '../answer/answer.ts'
import type { ReadableAnswer } from '../answer/read-body.ts'
import type { FlowStep } from '../flow.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { hiderOfStep, preparedOf } from './send-step.ts'

/** Tells whoever shows answers of one, before it is judged. */
export async function tellAnswer(
  step: FlowStep,
  answer: Answer,
  response: ReadableAnswer,
  run: FlowRun,
  scope: Scope,
): Promise<void> {
  const { onAnswer } = run.settings
  const prepared = preparedOf(response)
  if (!onAnswer || !prepared || scope.isOfRecord) return
  onAnswer({
    step: step.id,
    prepared,
    response: { status: answer.status, headers: [...answer.headers], body: answer.bytes },
    hide: await hiderOfStep(step, answer, response, scope),
  })
}
