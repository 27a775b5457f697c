import { EzError, retryAfterMs } from '@ez/core'
import type { Timers } from '../../base/timers.ts'
import type { Answer } from '../answer/answer.ts'
import { unmetConditions } from '../answer/condition.ts'
import { millisecondsOf } from '../duration.ts'
import type { Repeat } from '../flow.ts'

/** An answer that was read, how long it took, and what it must be like. */
export interface TimedAnswer {
  readonly answer: Answer
  readonly milliseconds: number
  readonly repeat?: Repeat
}

/** What a repetition needs of its flow. */
export interface RepeatRun<Sent extends TimedAnswer> {
  readonly step: string
  readonly timers: Timers
  clock(): Date
  readonly signal: AbortSignal | undefined
  send(): Promise<Sent>
  onWait(number: number, delayMs: number): void
  /** Hides secrets in what is told of an answer. */
  hider(sent: Sent): Promise<(text: string) => string>
}

/**
 * Sends until an answer is as it should be.
 *
 * @throws EZ_REPEAT_FAILED for an answer after which it is useless to go on; EZ_REPEAT_ENDED when time or times are over
 */
export async function repeatUntil<Sent extends TimedAnswer>(
  repeat: Repeat,
  run: RepeatRun<Sent>,
): Promise<Sent> {
  const { step, timers } = run
  const every = millisecondsOf(repeat.every, `${step}.repeat.every`)
  const end =
    repeat.atMost === undefined
      ? Number.POSITIVE_INFINITY
      : timers.now() + millisecondsOf(repeat.atMost, `${step}.repeat.atMost`)
  for (let number = 1; ; number += 1) {
    const sent = await run.send()
    const { answer, milliseconds } = sent
    const { failWhen, until } = sent.repeat ?? repeat
    if (failWhen && unmetConditions(failWhen, answer, milliseconds).length === 0)
      throw failed(step, answer, 'the answer is what failWhen says')
    const unmet = unmetConditions(until, answer, milliseconds)
    if (unmet.length === 0) return sent
    const open = async (): Promise<string[]> => unmet.map(await run.hider(sent))
    if (answer.status >= 400) throw failed(step, answer, 'a refusal that neither until nor failWhen names')
    if (number === repeat.times) throw ended(step, `after ${number} requests`, await open())
    const delayMs = retryAfterMs([...answer.headers], run.clock().getTime()) ?? every
    if (timers.now() + delayMs > end) throw ended(step, `within ${String(repeat.atMost)}`, await open())
    run.onWait(number, delayMs)
    await timers.wait(delayMs, run.signal)
  }
}

function failed(step: string, { status }: Answer, problem: string): EzError {
  return new EzError(
    'EZ_REPEAT_FAILED',
    `${step}: answered ${status}, ${problem}. Nothing after it is sent.`,
    {
      details: { step, status },
    },
  )
}

function ended(step: string, when: string, open: readonly string[]): EzError {
  return new EzError(
    'EZ_REPEAT_ENDED',
    `${step}: the answer did not become what until asks for ${when}: ${open.join('; ')}. Raise atMost or times, or look at the service.`,
    { details: { step, open } },
  )
}
