import type { LimitKey } from '../contract/storage.ts'
import type { EngineQueue } from '../engine/engine.ts'

/** A window of BullMQ's limiter: so many jobs in so many milliseconds. */
export interface Window {
  readonly max: number
  readonly duration: number
}

/** The rate that holds for an account: what its server says, else what was configured. */
export const rateOf = (limit: LimitKey | undefined): number | undefined => limit?.learned ?? limit?.perSecond

/** Whether rows must pass the limiter one by one. */
export const isLimited = (limit: LimitKey | undefined): boolean =>
  rateOf(limit) !== undefined || limit?.concurrency !== undefined

/**
 * A rate as a small window: windows are fixed, and two large ones side by side would let twice the rate through.
 *
 * From ten a second on a tenth of a second's worth, below one request each.
 */
export function windowOf(perSecond: number): Window {
  const max = Math.max(1, Math.floor(perSecond / 10))
  return { max, duration: Math.ceil((1000 * max) / perSecond) }
}

// BullMQ holds back the other workers after a 429 only where the queue has some limit.
const unlimited: Window = { max: 100_000, duration: 100 }

/** Sets an account's queue to its limit. */
export async function setPace(queue: EngineQueue, limit: LimitKey | undefined): Promise<void> {
  const rate = rateOf(limit)
  const { max, duration } = rate === undefined ? unlimited : windowOf(rate)
  await queue.setGlobalRateLimit(max, duration)
  if (limit?.concurrency === undefined) await queue.removeGlobalConcurrency()
  else await queue.setGlobalConcurrency(limit.concurrency)
}
