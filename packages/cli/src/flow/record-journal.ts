import { attemptsOf, type FlowJournal, isUnsent, type NumberedRecord, type RecordOutcome } from '@ez/client'
import { EzError, Secret } from '@ez/core'
import type { Journal } from '../rows/journal.ts'
import type { Row } from '../rows/read.ts'
import type { Outcome } from '../send/outcome.ts'

/** Keeps the journal of `--out` for the records of a flow, as for rows. */
export class RecordJournal implements FlowJournal {
  readonly keepsBodies: boolean
  readonly #journal: Journal
  readonly #rows = new Map<number, Row>()

  constructor(journal: Journal, keepsBodies: boolean) {
    this.#journal = journal
    this.keepsBodies = keepsBodies
  }

  async begin({ number, record }: NumberedRecord): Promise<boolean> {
    const row: Row = { number, data: { record } }
    if (this.#journal.isDone(row)) return false
    await this.#journal.start(row)
    this.#rows.set(number, row)
    return true
  }

  end({ number, step }: NumberedRecord, outcome: RecordOutcome): void {
    const row = this.#rows.get(number)
    this.#rows.delete(number)
    if (row) this.#journal.finish(row, outcomeOf(step, outcome))
  }
}

const refusals: ReadonlySet<string> = new Set(['EZ_HTTP_STATUS', 'EZ_EXPECTATION_UNMET'])

function outcomeOf(label: string, { status, milliseconds, captures, body, error }: RecordOutcome): Outcome {
  const kept = { ...keptOf(captures), ...(body !== undefined && { body }) }
  if (error === undefined)
    return {
      label,
      verdict: 'ok',
      milliseconds,
      problems: [],
      ...(status !== undefined && { status }),
      ...kept,
    }
  const code = EzError.isInstance(error) ? error.code : 'EZ_INTERNAL'
  const attempts = attemptsOf(error)
  const answered = EzError.isInstance(error) ? error.details.status : undefined
  return {
    label,
    verdict: refusals.has(code) ? 'refused' : 'failed',
    milliseconds,
    problems: [error instanceof Error ? error.message : String(error)],
    code,
    ...kept,
    ...(typeof answered === 'number' && { status: answered }),
    ...(!refusals.has(code) &&
      attempts.every((attempt) => attempt.status === undefined && isUnsent(attempt.error)) && {
        unsent: true as const,
      }),
  }
}

function keptOf(captures: RecordOutcome['captures']): Pick<Outcome, 'captures' | 'withheld'> {
  const all = Object.entries(captures)
  const open = all.filter(([, value]) => !Secret.isInstance(value))
  const withheld = all.flatMap(([name, value]) => (Secret.isInstance(value) ? [name] : []))
  return {
    ...(open.length > 0 && { captures: Object.fromEntries(open) }),
    ...(withheld.length > 0 && { withheld }),
  }
}
