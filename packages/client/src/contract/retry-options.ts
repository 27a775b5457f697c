/** When and how often a request is sent again. */
export interface RetryOptions {
  /** How often, after the first attempt (default 3). */
  readonly limit?: number
  /** Milliseconds; before the n-th retry a random time up to `baseDelayMs` × 2ⁿ⁻¹ is waited (default 250). */
  readonly baseDelayMs?: number
  /** Milliseconds that the back-off does not go beyond (default 20,000). What a server asks for is always waited. */
  readonly maxDelayMs?: number
  /** Milliseconds; when a server asks for more, its answer is final (default 120,000). */
  readonly maxRetryAfterMs?: number
  /**
   * What may be sent a second time: `when-safe` (default), that is GET, HEAD, OPTIONS, PUT and DELETE, requests with an
   * idempotency key, and whatever the server refused unprocessed or never received; `when-idempotent`, the same
   * without the last; or `always`.
   */
  readonly repeat?: 'when-safe' | 'when-idempotent' | 'always'
  /** Whether retries are bounded to a fifth of what is sent to a host, and a reserve of 100 (default `true`). */
  readonly budget?: boolean
}
