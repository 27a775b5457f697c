const earned = 0.2
const reserve = 100
const mostHosts = 1000

/**
 * How many retries a host may get: a fifth of what is sent, and a reserve of a hundred.
 *
 * When a service is down, retries of all its callers would keep it down (Google, "Site Reliability
 * Engineering", chapter 21: retry budgets).
 */
export class RetryBudget {
  readonly #left = new Map<string, number>()

  /** Counts a send. */
  earn(host: string): void {
    const left = this.#left.get(host)
    // A full budget is not stored.
    if (left === undefined) return
    if (left + earned >= reserve) this.#left.delete(host)
    else this.#left.set(host, left + earned)
  }

  /** Takes one retry; whether there was one. */
  spend(host: string): boolean {
    const left = this.#left.get(host) ?? reserve
    if (left < 1) return false
    this.#left.set(host, left - 1)
    if (this.#left.size > mostHosts) this.#left.delete(this.#left.keys().next().value as string)
    return true
  }
}
