/** A value that is there, or will be. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with a value at once when it is there, so that what can be synchronous stays so. */
export function then<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}
