/** A value that is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>

/**
 * Goes on with a value at once when it is there, so that what can be synchronous stays so.
 *
 * Any thenable is waited for: credential providers do not always return this realm's `Promise`.
 */
export function then<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isThenable(value) ? Promise.resolve(value).then(next) : next(value)
}

function isThenable<Value>(value: MaybePromise<Value>): value is Promise<Value> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<Value>).then === 'function'
}
