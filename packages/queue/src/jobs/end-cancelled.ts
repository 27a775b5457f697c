import type { EndedRow, Storage } from '../contract/storage.ts'

const together = 1000
/** Whoever ends rows that nobody sends. */
const canceller = 'canceller'

/**
 * Ends the rows of a cancelled job that are not under way: `unsent`, or `in doubt` where a worker that is gone had begun.
 *
 * Those that a worker is sending end with their answer.
 */
export async function endCancelled({ rows }: Storage, job: string, key: string): Promise<void> {
  for (let position = 0; ; ) {
    const part = await rows.laneRows(job, key, position, together)
    if (part.position === position) return
    position = part.position
    if (part.rows.length === 0) continue
    const begun = await rows.begin(
      canceller,
      part.rows.map((row) => ({ job, row, repeatable: false })),
    )
    const ended = part.rows.flatMap((row, index): EndedRow[] => {
      const may = begun[index]?.may
      const result = JSON.stringify({ problems: [may === 'doubt' ? doubtText : 'The job was cancelled.'] })
      if (may === 'drop') return [{ job, row, end: 'unsent', result }]
      return may === 'doubt' ? [{ job, row, end: 'in doubt', result }] : []
    })
    if (ended.length > 0) await rows.finish(canceller, ended)
  }
}

/** Why a row is in doubt. */
export const doubtText = 'It was being sent when its worker ended; whether it arrived is not known.'
