import { attemptsOf, isUnsent } from '@ez/client'
import { EzError, maskResponse } from '@ez/core'
import { exitCodeOf } from '../output/exit.ts'
import { bodyData } from '../output/request.ts'
import type { Exchange } from './exchange.ts'
import type { Outcome } from './outcome.ts'
import { connectionHint } from './transport.ts'

const longestExcerpt = 300

/** What a step made of a refusal, else the beginning of what the server says. */
export function refusalLines(
  {
    diagnosis,
    response,
    prepared,
    unwritten,
  }: Pick<Exchange, 'diagnosis' | 'response' | 'prepared' | 'unwritten'>,
  quotes: boolean,
): string[] {
  const kept = unwritten === undefined ? [] : [`${unwritten} is not written, since the answer is a refusal.`]
  if (diagnosis) return [`${diagnosis.cause}: ${diagnosis.message}`, ...kept]
  // The body is shown below.
  if (!quotes) return kept
  const { data, encoding } = bodyData(maskResponse(response, prepared).body)
  if (encoding !== 'utf8' || data.trim() === '') return kept
  return [`answer: ${data.length > longestExcerpt ? `${data.slice(0, longestExcerpt)}…` : data}`, ...kept]
}

/** How a request that had no answer, or whose answer could not be kept, is told. */
export function failure(
  error: unknown,
  wasAnswered: boolean,
): Pick<Outcome, 'verdict' | 'problems' | 'code' | 'wrongInput' | 'unsent'> {
  const message = error instanceof Error ? error.message : String(error)
  const hint = connectionHint(error)
  return {
    verdict: 'failed',
    problems: [hint === undefined ? message : `${message} ${hint}`],
    code: EzError.isInstance(error) ? error.code : 'EZ_INTERNAL',
    ...(exitCodeOf(error) === 2 && { wrongInput: true }),
    ...(!wasAnswered && nothingSent(error) && { unsent: true }),
  }
}

// Nothing was prepared, or no attempt had a connection.
const nothingSent = (error: unknown): boolean =>
  attemptsOf(error).every(({ status, error: failed }) => status === undefined && isUnsent(failed))
