import { EzError } from '../base/error.ts'
import type { Difference } from '../contract/step.ts'

/**
 * Compares two texts byte for byte.
 *
 * @throws EZ_VECTOR_MISMATCH with the first line that differs, in the message and in `details`
 */
export function compareStage(title: string, stage: string, expected: string, signed: string): void {
  if (expected === signed) return
  const difference = firstDifference(stage, expected, signed)
  throw new EzError(
    'EZ_VECTOR_MISMATCH',
    `${title}: ${stage} differs at line ${difference.line}: expected ${JSON.stringify(difference.expected)}, signed ${JSON.stringify(difference.signed)}.`,
    { details: { title, ...difference } },
  )
}

function firstDifference(stage: string, expected: string, signed: string): Difference {
  const wanted = expected.split('\n')
  const given = signed.split('\n')
  let index = 0
  while (wanted[index] === given[index]) index += 1
  return {
    stage,
    line: index + 1,
    expected: wanted[index] ?? '(end)',
    signed: given[index] ?? '(end)',
  }
}

/** @throws EZ_CHECK_FAILED unless the condition holds */
export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new EzError('EZ_CHECK_FAILED', message)
}

/** What a call throws: always an `EzError`; `undefined` when it throws nothing. @throws EZ_CHECK_FAILED */
export async function codedError(call: () => unknown, what: string): Promise<EzError | undefined> {
  try {
    await call()
    return undefined
  } catch (error) {
    ensure(EzError.isInstance(error), `${what}: it threw ${String(error)}, which is no EzError.`)
    return error
  }
}
