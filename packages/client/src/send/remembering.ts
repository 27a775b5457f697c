import type { PrepareContext } from '@ez/core'

/**
 * A context that can be prepared with twice in an attempt, once to know the host and once to send: nonce and functions
 * in variables are called once, so that the limits of the host that is called are kept.
 */
export function remembering(context: PrepareContext): PrepareContext {
  const { nonce, variables, data } = context
  const [ownVariables, ownData] = withFunctionsOnce([variables, data]) as [typeof variables, typeof data]
  return {
    ...context,
    ...(nonce && { nonce: once(nonce) }),
    ...(ownVariables && { variables: ownVariables }),
    ...(ownData && { data: ownData }),
  }
}

/** A copy of lists and records, however deep, in which each function is called once. */
function withFunctionsOnce(value: unknown): unknown {
  // The map grows while it is walked through; what holds itself is copied once.
  const copies = new Map<object, object>()
  const copyOf = (item: unknown): unknown => {
    if (!isCopied(item)) return item
    let copy = copies.get(item)
    if (!copy) {
      copy = typeof item === 'function' ? once(item as () => unknown) : Array.isArray(item) ? [] : {}
      copies.set(item, copy)
    }
    return copy
  }
  const copied = copyOf(value)
  for (const [original, copy] of copies)
    if (typeof original === 'object')
      for (const [key, item] of Object.entries(original))
        Object.defineProperty(copy, key, {
          value: copyOf(item),
          enumerable: true,
          writable: true,
          configurable: true,
        })
  return copied
}

/** What `prepare` looks for functions in; anything else, a `Secret` too, stands for itself. */
function isCopied(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return typeof value === 'function'
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
