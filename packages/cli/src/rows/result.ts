import type { Outcome } from '../send/outcome.ts'

/** What is kept of an outcome in a line of results. */
export function resultOf(outcome: Outcome): Record<string, unknown> {
  const { verdict, status, milliseconds, problems, code, unsent, captures, withheld, body } = outcome
  return {
    verdict,
    ...(status !== undefined && { status }),
    milliseconds: Math.round(milliseconds),
    ...(problems.length > 0 && { problems }),
    ...(code !== undefined && { code }),
    ...(unsent && { unsent }),
    ...(captures && { captures }),
    ...(withheld && { withheld }),
    ...(body !== undefined && { body }),
  }
}
