import { EzError } from '@ez/core'
import type { Run } from '../run/run.ts'

/** What is thrown where no branch of a description fits. */
export function undecided(id: string, place: string): never {
  throw new EzError(
    'EZ_BRANCH_MISSING',
    `${id}: ${place}: no branch fits this request. Give the description one, or an "else".`,
    { details: { place } },
  )
}

/** What is read to decide about a text, and is not in it. */
export const decided = <Result>({ notes }: Run, read: () => Result): Result =>
  notes ? notes.aside(read) : read()
