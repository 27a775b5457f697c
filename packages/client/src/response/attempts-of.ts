import type { Attempt } from '../contract/attempt.ts'
import { AnsweredResponse } from './answered-response.ts'

// Of errors, and of what `toResponse` made.
const known: WeakMap<object, readonly Attempt[]> = new WeakMap()
const none: readonly Attempt[] = Object.freeze([])

/** Remembers the attempts behind an error. */
export function rememberAttempts(error: object, attempts: readonly Attempt[]): void {
  known.set(error, Object.freeze([...attempts]))
}

/**
 * Every attempt behind an answer of this client, or behind an error that it threw; oldest first.
 *
 * Empty for anything else, and for an error that was thrown before the first request was prepared.
 *
 * @example
 * ```ts
 * import { attemptsOf, createClient } from '@ez/client'
 *
 * const client = createClient()
 * const response = await client.send({ method: 'GET', url: 'https://api.example.com/orders' })
 * for (const { status, diagnosis } of attemptsOf(response)) console.log(status, diagnosis?.message)
 * ```
 */
export function attemptsOf(subject: unknown): readonly Attempt[] {
  if (typeof subject !== 'object' || subject === null) return none
  return AnsweredResponse.attemptsOf(subject) ?? known.get(subject) ?? none
}
