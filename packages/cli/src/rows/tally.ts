import type { Outcome } from '../send/outcome.ts'

/** Counts and times of a run over rows. */
export interface Summary {
  readonly rows: number
  readonly ok: number
  readonly refused: number
  readonly failed: number
  /** Done in an earlier run, and not sent again. */
  readonly skipped: number
  /** Milliseconds; half of the rows took no longer. */
  readonly p50: number
  /** Milliseconds; 95 of 100 rows took no longer. */
  readonly p95: number
}

/** Adds outcomes up. */
export class Tally {
  readonly #counts = { ok: 0, refused: 0, failed: 0 }
  readonly #times: number[] = []
  #skipped = 0

  add({ verdict, milliseconds }: Outcome): void {
    this.#counts[verdict] += 1
    this.#times.push(milliseconds)
  }

  skip(): void {
    this.#skipped += 1
  }

  summary(): Summary {
    const sorted = this.#times.toSorted((left, right) => left - right)
    const percentile = (part: number): number =>
      Math.round(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0)
    return {
      rows: sorted.length,
      ...this.#counts,
      skipped: this.#skipped,
      p50: percentile(0.5),
      p95: percentile(0.95),
    }
  }
}
