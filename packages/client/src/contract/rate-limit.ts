/** What a limit looks at to tell one key from another. */
export interface LimitSubject {
  /** Host and port, when they are known before the scripts ran. */
  readonly host: string | undefined
  /** Name of the template, when it has one. */
  readonly name: string | undefined
  /** As the template writes it. */
  readonly method: string
  /** Variables and data of this send, by name. */
  readonly variables: Readonly<Record<string, unknown>>
}

/** How many requests may be under way, or start in a second, for each key. */
export interface RateLimit {
  /** What shares the limit: an account, a seller and operation, … (default: the host). `undefined`: no limit. */
  readonly key?: (subject: LimitSubject) => string | undefined
  /** Requests under way at once; the body counts up to `bufferBytes`. */
  readonly concurrency?: number
  /** Requests that may start in a second, on average. */
  readonly perSecond?: number
  /** Requests that may start at once after a pause (default: `perSecond`, at least 1). */
  readonly burst?: number
  /**
   * Follow the rate that the server names in `x-amzn-RateLimit-Limit` (default: when there is a `key`, since it is an
   * operation's rate, not the host's).
   */
  readonly learn?: boolean
}
