import { type PreparedRequest, Secret, secret, secretHider } from '@ez/core'
import { masked } from '../../base/error.ts'
import type { Capture } from '../flow.ts'
import type { Answer } from './answer.ts'
import { isAbsent, readCapture, textOf } from './capture.ts'

/**
 * Hides, in what is told of an answer, the secrets of its request, those captured before it, and those that it is to be
 * captured from.
 */
export async function hiderOf(
  captures: Readonly<Record<string, Capture>>,
  answer: Answer,
  known: readonly Secret[],
  prepared: PreparedRequest | undefined,
): Promise<(text: string) => string> {
  const own: Secret[] = []
  for (const capture of Object.values(captures)) {
    if (capture.secret !== true) continue
    // What cannot be read cannot be told either.
    const value = await readCapture(capture, answer).catch(() => undefined)
    if (!isAbsent(value)) own.push(secret(textOf(value)))
  }
  const hide = secretHider([...known, ...own], () => '***')
  return (text) => hide(prepared ? masked(text, prepared) : text)
}

/** A value with something hidden in all its texts; secrets in it stay what they are. */
export function hiddenIn(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === 'string') return hide(value)
  if (typeof value !== 'object' || value === null || Secret.isInstance(value)) return value
  if (Array.isArray(value)) return value.map((item) => hiddenIn(item, hide))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [hide(name), hiddenIn(item, hide)]))
}
