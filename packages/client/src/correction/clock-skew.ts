import { headerOf, instantOf, type ResponseSnapshot } from '@ez/core'

// Services allow five minutes at the least (NetSuite, AWS); below that the date is not the reason.
const noticedMs = 4 * 60_000

/** How far the clocks of servers are from ours, in milliseconds, by host. */
export class ClockSkew {
  readonly #offsets = new Map<string, number>()

  /** Milliseconds to add to our clock for a host. */
  of(host: string | undefined): number {
    return host === undefined ? 0 : (this.#offsets.get(host) ?? 0)
  }

  /** Whether any host's clock is known to differ. */
  get any(): boolean {
    return this.#offsets.size > 0
  }

  /** Keeps an offset that a server has accepted. */
  keep(host: string, offsetMs: number): void {
    // Below a second, the resolution of Date, our clock is right.
    if (Math.abs(offsetMs) < 1000) this.#offsets.delete(host)
    else this.#offsets.set(host, offsetMs)
    if (this.#offsets.size > 1000) this.#offsets.delete(this.#offsets.keys().next().value as string)
  }
}

/** Milliseconds from our clock to the server's, by its `Date` (RFC 9110 section 6.6.1). */
export function dateOffset(response: ResponseSnapshot, nowMs: number): number | undefined {
  const date = instantOf(headerOf(response.headers, 'date'))
  return date === undefined ? undefined : date - nowMs
}

/** The offset, when it is large enough to be why a signature was refused. */
export function suspiciousOffset(response: ResponseSnapshot, nowMs: number): number | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined
  const offset = dateOffset(response, nowMs)
  return offset !== undefined && Math.abs(offset) > noticedMs ? offset : undefined
}
