import { EzError } from '@ez/core'

/** What is thrown where no branch of a description fits. */
export function undecided(id: string, place: string): never {
  throw new EzError(
    'EZ_BRANCH_MISSING',
    `${id}: ${place}: no branch fits this request. Give the description one, or an "else".`,
    { details: { place } },
  )
}
