import { isThenable } from './promises.ts'

/** A value that is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>

/**
 * Goes on with a value at once when it is there, and otherwise when it comes: signing stays synchronous wherever
 * nothing has to be waited for.
 *
 * Any thenable is waited for: what gives credentials need not know this realm's `Promise`.
 *
 * @example
 * ```ts
 * import { whenReady } from '@ez/core'
 *
 * const length = whenReady('text', (text) => text.length) // 4, and no promise
 * ```
 */
export function whenReady<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value)
}
