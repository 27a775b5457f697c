import type { Diagnosis, EzError, PreparedRequest } from '@ez/core'

/** One request that was prepared and sent, and what came of it. */
export interface Attempt {
  readonly prepared: PreparedRequest
  /** HTTP status, when an answer came. */
  readonly status?: number
  /** Why there is no whole answer. */
  readonly error?: EzError
  /** What a step, or the table of throttling answers, made of the answer. */
  readonly diagnosis?: Diagnosis
  /** Milliseconds that were waited before it. */
  readonly delayMs: number
}

const known: WeakMap<object, readonly Attempt[]> = new WeakMap()
const none: readonly Attempt[] = Object.freeze([])

/** Remembers the attempts behind a response or an error. */
export function rememberAttempts(subject: object, attempts: readonly Attempt[]): void {
  known.set(subject, Object.freeze([...attempts]))
}

/**
 * Every attempt behind a response of this client, or behind an error that it threw; oldest first.
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
  return typeof subject === 'object' && subject !== null ? (known.get(subject) ?? none) : none
}
