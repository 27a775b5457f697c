import type { Job, JobState } from '../contract/job.ts'
import type { LimitKey } from '../contract/storage.ts'

/** A line of `ez.job`. */
export interface StoredJob {
  readonly id: string
  readonly name: string
  readonly started_at: string
  readonly definition: string
  readonly fingerprint: string
  readonly signature: string
  readonly repeatable: boolean
  readonly variables: string[]
  readonly per_second: number | null
  readonly concurrency: number | null
  readonly state: JobState
  readonly rows: number
}

/** A line of `ez.key`. */
export interface StoredKey {
  readonly key: string
  readonly per_second: number | null
  readonly concurrency: number | null
  readonly learned: number | null
  readonly held_until: number | null
  readonly held_for: string | null
}

/** A job of its line. */
export function jobOf(line: StoredJob): Job {
  const { id, name, definition, fingerprint, signature, repeatable, variables, state, rows } = line
  const limit = limitOf(line)
  return {
    id,
    name,
    startedAt: line.started_at,
    definition,
    fingerprint,
    signature,
    repeatable,
    variables,
    state,
    rows,
    ...(Object.keys(limit).length > 0 && { limit }),
  }
}

/** An account of its line. */
export function keyOf(line: StoredKey): LimitKey {
  return {
    key: line.key,
    ...limitOf(line),
    ...(line.learned !== null && { learned: line.learned }),
    ...(line.held_until !== null && { heldUntil: line.held_until }),
    ...(line.held_for !== null && { heldFor: line.held_for }),
  }
}

function limitOf({ per_second, concurrency }: Pick<StoredKey, 'per_second' | 'concurrency'>): {
  perSecond?: number
  concurrency?: number
} {
  return {
    ...(per_second !== null && { perSecond: per_second }),
    ...(concurrency !== null && { concurrency }),
  }
}
