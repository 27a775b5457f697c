import { EzError } from '@ez/core'
import type { Answered, TestResult } from '../providers/postman.ts'
import type { ReadyRequest } from '../session.ts'

/** What the scripts that look at an answer found; one that failed itself counts as a test that did. */
export async function testsOf(
  { postman, context }: ReadyRequest,
  answered: Answered,
): Promise<readonly TestResult[] | undefined> {
  if (!postman?.hasTests) return undefined
  try {
    return await postman.test(answered, context)
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    return [{ name: 'test script', passed: false, error: `${error.message} [${error.code}]` }]
  }
}

/** What failed, a line each. */
export const failedTests = (tests: readonly TestResult[] = []): string[] =>
  tests.flatMap(({ name, passed, error }) => (passed ? [] : [`test "${name}": ${error ?? 'it failed'}`]))
