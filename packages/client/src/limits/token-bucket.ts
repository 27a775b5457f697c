/** A bucket that fills with so many tokens a second, up to its size; a request takes one. */
export class TokenBucket {
  readonly #size: number
  #perSecond: number
  #tokens: number
  #filledAt: number

  constructor(perSecond: number, size: number, now: number) {
    this.#perSecond = perSecond
    this.#size = size
    this.#tokens = size
    this.#filledAt = now
  }

  /** Milliseconds until a token is there; 0 when it is there now. */
  waitMs(now: number): number {
    this.#fill(now)
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000)
  }

  take(now: number): void {
    this.#fill(now)
    this.#tokens -= 1
  }

  /** Follows a rate that the server names. */
  setRate(perSecond: number, now: number): void {
    this.#fill(now)
    this.#perSecond = perSecond
  }

  full(now: number): boolean {
    this.#fill(now)
    return this.#tokens >= this.#size
  }

  #fill(now: number): void {
    const gained = ((now - this.#filledAt) / 1000) * this.#perSecond
    // A thousandth is forgiven, so that a timer that ends a rounding early does not wait a second time.
    this.#tokens = Math.min(this.#size, this.#tokens + Math.max(0, gained))
    if (this.#tokens > 0.999 && this.#tokens < 1) this.#tokens = 1
    this.#filledAt = now
  }
}
