import { listNumbers } from '../output/numbers.ts'
import { Journal } from './journal.ts'

type Note = (text: string) => void

/** Opens the results of `--out`; what is known of an interrupted run is told. @throws EZ_USAGE, EZ_RESULTS_LOCKED */
export function openJournal(
  file: string,
  flags: { readonly resume?: boolean; readonly takeOver?: boolean; readonly fsync?: boolean },
  note: Note,
): Journal {
  const { resume = false, takeOver = false, fsync = false } = flags
  const journal = Journal.open(file, { resume, takeOver, fsync })
  if (resume) tellResumed(journal, note)
  return journal
}

function tellResumed(journal: Journal, note: Note): void {
  note(`Going on: ${journal.doneBefore} rows are done.`)
  const inFlight = journal.inFlight()
  if (inFlight.length > 0)
    note(
      `In flight when the last run was ended, and sent again now; they may arrive a second time: ${inFlight.length === 1 ? 'row' : 'rows'} ${listNumbers(inFlight)}.`,
    )
}

/** Tells rows of which nothing was sent. */
export function tellUnsent({ unsent }: Journal, note: Note): void {
  if (unsent > 0)
    note(
      `${unsent} ${unsent === 1 ? 'row was' : 'rows were'} not sent at all. The same command with --resume tries again.`,
    )
}
