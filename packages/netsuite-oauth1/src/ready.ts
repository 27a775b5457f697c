/**
 * Goes on with a value now, or when it comes: signing stays synchronous wherever nothing has to be waited for.
 *
 * Any thenable is waited for: what gives credentials need not know this realm's `Promise`.
 */
export function whenReady<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return (value as Partial<Promise<Value>> | null)?.then
    ? Promise.resolve(value).then(next)
    : next(value as Value)
}
