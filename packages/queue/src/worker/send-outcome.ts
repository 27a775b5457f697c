import { attemptsOf, isUnsent } from '@ez/client'
import { type Diagnosis, EzError, headerOf, type Pairs, retryAfterMs } from '@ez/core'
import type { SentRow } from '../contract/sender.ts'
import { grantedRate } from './granted-rate.ts'

/** What `@ez/client` made of one row: an answer with its diagnosis, or an error. */
export interface SendOutcome {
  /** The answer, when there was one. */
  readonly response?: { readonly status: number; readonly headers: Pairs; readonly diagnosis?: Diagnosis }
  /** What was thrown, when there was no answer. */
  readonly error?: unknown
}

/**
 * How a row ends, by what came of its send: `answered` by any answer; `unsent` when certainly nothing left; `in doubt`
 * when it was sent and no answer seen.
 *
 * @param repeatable whether the request may be sent again although it may have arrived
 */
export function judgeSend(
  { response, error }: SendOutcome,
  repeatable: boolean,
  now: () => number = Date.now,
): Omit<SentRow, 'result'> {
  if (response) {
    const { status, headers, diagnosis } = response
    const perSecond = grantedRate(headers)
    const learned = perSecond === undefined ? {} : { perSecond }
    const wait = diagnosis?.retryAfterMs ?? retryAfterMs(headers, now())
    const ms = wait === undefined ? {} : { ms: wait }
    if (diagnosis?.cause === 'throttled')
      return {
        end: 'answered',
        ...learned,
        pause: { ...ms, refused: true, why: `the server answered ${status}` },
      }
    const again = repeatable && diagnosis === undefined && isTransient(status)
    const exhausted = wait !== undefined && headerOf(headers, 'retry-after') === undefined
    return {
      end: 'answered',
      ...learned,
      ...(again && { again }),
      ...(exhausted && { pause: { ...ms, refused: false, why: 'nothing remains of the server’s limit' } }),
    }
  }
  const attempts = attemptsOf(error)
  const code = EzError.isInstance(error) ? error.code : undefined
  const transient = EzError.isInstance(error) && error.details.transient === true
  const sent = attempts.some(({ status, error: failed }) => status !== undefined || !isUnsent(failed))
  if (!sent) return { end: 'unsent', again: transient || attempts.length > 0 || code === 'EZ_ABORTED' }
  return { end: 'in doubt', again: repeatable }
}

const isTransient = (status: number): boolean => status === 408 || status === 425 || status >= 500
