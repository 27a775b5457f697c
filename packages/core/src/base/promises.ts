/** Whether a value is to be awaited: also a promise of another realm, which is no instance of this one's `Promise`. */
export function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

/** A promise whose failure stops no process when another fault comes first, or a script does not wait for it. */
export function quietly<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {})
  return promise
}
