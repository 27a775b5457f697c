import type { StepAnswered } from '@ez/client'
import { EzError, type PrepareContext } from '@ez/core'
import type { PostmanSend, TestResult } from '../providers/postman.ts'
import { failedTests } from '../send/tests.ts'

/**
 * Runs the scripts that look at the answer of a flow step. A test that failed ends the flow: what comes after stands on
 * this answer.
 *
 * @throws EZ_EXPECTATION_UNMET, and the codes of the scripts
 */
export async function checkTests(
  step: string,
  postman: PostmanSend,
  answered: StepAnswered,
  context: PrepareContext,
  tell: (step: string, tests: readonly TestResult[]) => void,
): Promise<void> {
  const tests = await postman.test(answered, context)
  tell(step, tests)
  const failed = failedTests(tests)
  if (failed.length > 0)
    throw new EzError('EZ_EXPECTATION_UNMET', `${step}: ${failed.join('; ')}`, { details: { step } })
}
