import { EzError } from '@ez/core'
import { attemptsOf } from '../../response/attempts-of.ts'
import { statusError } from '../../send/status-error.ts'
import type { Answer } from '../answer/answer.ts'
import { unmetConditions } from '../answer/condition.ts'
import type { FlowStep } from '../flow.ts'
import type { Scope } from './flow-run.ts'
import { hiderOfStep, type RawAnswer } from './send-step.ts'

/**
 * Refuses an answer that is not as expected; without an expectation, a status of 400 and above.
 *
 * @throws EZ_HTTP_STATUS, EZ_EXPECTATION_UNMET
 */
export async function checkExpected(
  step: FlowStep,
  answer: Answer,
  { response, milliseconds, expect }: RawAnswer,
  scope: Scope,
): Promise<void> {
  if (answer.status >= 400 && expect?.status === undefined) {
    const last = attemptsOf(response).at(-1)
    if (!last) throw new EzError('EZ_HTTP_STATUS', `${step.id} answered ${answer.status}.`)
    const hide = await hiderOfStep(step, answer, response, scope)
    const body = new TextEncoder().encode(hide(answer.text))
    throw statusError(last, { status: answer.status, headers: [...answer.headers], body })
  }
  const open = expect ? unmetConditions(expect, answer, milliseconds) : []
  if (open.length === 0) return
  const unmet = open.map(await hiderOfStep(step, answer, response, scope))
  throw new EzError('EZ_EXPECTATION_UNMET', `${step.id}: ${unmet.join('; ')}.`, {
    details: { step: step.id, unmet },
  })
}
