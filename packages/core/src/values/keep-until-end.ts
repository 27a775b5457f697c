import { EzError } from '../base/error.ts'
import type { MaybePromise } from '../base/when-ready.ts'
import type { SignContext } from '../contract/step.ts'

/** How long a value is kept by {@link keepUntilEnd}. */
export interface KeepOptions<Value> {
  /** When a value ends, in milliseconds since 1970; `undefined` when it never does. */
  readonly endOf: (value: Value) => number | undefined
  /** Milliseconds before its end at which a new one is asked for. */
  readonly refreshBeforeMs: number
  /** Milliseconds after which a refresh is given up, so that one that hangs does not hold up all that follow. */
  readonly timeoutMs: number
}

/**
 * Keeps a value, such as a token, until shortly before it ends; concurrent requests share one refresh.
 *
 * When a refresh fails while the old value still holds, that is used on. A refresh serves every request that waits for
 * it, so the `signal` that `load` gets is the refresh's own, and not that of one request.
 *
 * @param id begins the message of EZ_TIMEOUT
 * @throws EZ_TIMEOUT, and what `load` throws, when the value is asked for
 *
 * @example
 * ```ts
 * import { keepUntilEnd } from '@ez/core'
 *
 * const token = keepUntilEnd('my-token', async () => ({ text: 'token', end: Date.now() + 3_600_000 }), {
 *   endOf: ({ end }) => end,
 *   refreshBeforeMs: 300_000,
 *   timeoutMs: 25_000,
 * })
 * ```
 */
export function keepUntilEnd<Value>(
  id: string,
  load: (context: SignContext) => MaybePromise<Value>,
  { endOf, refreshBeforeMs, timeoutMs }: KeepOptions<Value>,
): (context: SignContext) => MaybePromise<Value> {
  let known: { readonly value: Value } | undefined
  let pending: Promise<Value> | undefined

  const holds = (value: Value, now: Date, marginMs: number): boolean => {
    const end = endOf(value)
    return end === undefined || end - marginMs > now.getTime()
  }
  const refresh = async (context: SignContext): Promise<Value> => {
    try {
      const value = await inTime(id, timeoutMs, (signal) => load(sharedContext(context, signal)))
      known = { value }
      return value
    } catch (error) {
      if (known && holds(known.value, context.now(), 0)) return known.value
      throw error
    }
  }
  return (context) => {
    if (known && holds(known.value, context.now(), refreshBeforeMs)) return known.value
    pending ??= refresh(context).finally(() => {
      pending = undefined
    })
    return pending
  }
}

function sharedContext(context: SignContext, signal: AbortSignal): SignContext {
  const { variables } = context
  return {
    now: () => context.now(),
    nonce: () => context.nonce(),
    signal,
    ...(variables ? { variables } : {}),
  }
}

async function inTime<Value>(
  id: string,
  timeoutMs: number,
  start: (signal: AbortSignal) => MaybePromise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new EzError(
        'EZ_TIMEOUT',
        `${id}: there were no credentials after ${timeoutMs / 1000} seconds. See what their source waits for, or raise timeoutSeconds.`,
      )
      controller.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([start(controller.signal), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
