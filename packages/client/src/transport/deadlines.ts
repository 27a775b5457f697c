/** Something that must be over by a time. */
export interface Due {
  /** Milliseconds of `performance.now`. */
  readonly at: number
  readonly limitMs: number
  expire(): void
}

// Longer ones fire at once (HTML, timers: a signed 32-bit number of milliseconds).
const longest = 2 ** 31 - 1

/**
 * Time limits of many exchanges on one timer for each length of time: what came first ends first.
 *
 * When nothing is waited for there is no timer, so that a process can end.
 */
export class Deadlines {
  readonly #lists = new Map<number, { readonly waiting: Set<Due>; timer: ReturnType<typeof setTimeout> }>()

  /** Calls `expire` after so many milliseconds, unless it is removed before. */
  add(limitMs: number, expire: () => void): Due | undefined {
    if (limitMs > longest) return undefined
    const due: Due = { at: performance.now() + limitMs, limitMs, expire }
    const list = this.#lists.get(limitMs)
    if (list) list.waiting.add(due)
    else this.#lists.set(limitMs, { waiting: new Set([due]), timer: this.#arm(limitMs, limitMs) })
    return due
  }

  remove(due: Due | undefined): void {
    const list = due && this.#lists.get(due.limitMs)
    if (!list?.waiting.delete(due as Due) || list.waiting.size > 0) return
    clearTimeout(list.timer)
    this.#lists.delete((due as Due).limitMs)
  }

  #arm(limitMs: number, waitMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#ring(limitMs), waitMs)
  }

  #ring(limitMs: number): void {
    const list = this.#lists.get(limitMs)
    if (!list) return
    const now = performance.now()
    const over: Due[] = []
    for (const due of list.waiting) {
      // Timers end up to a millisecond early.
      if (due.at > now + 1) {
        list.timer = this.#arm(limitMs, Math.ceil(due.at - now))
        break
      }
      list.waiting.delete(due)
      over.push(due)
    }
    if (list.waiting.size === 0) this.#lists.delete(limitMs)
    for (const due of over) due.expire()
  }
}
