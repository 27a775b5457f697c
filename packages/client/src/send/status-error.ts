import { EzError, maskResponse } from '@ez/core'
import { placeOf } from '../base/error.ts'
import { textOf } from '../base/snapshot.ts'
import type { Outcome } from './outcome.ts'

const shownCharacters = 1024

/** The error for a status of 400 and above; the answer's text is masked as the trace is. */
export function statusError(
  { prepared, diagnosis, status }: Outcome['attempt'],
  snapshot: NonNullable<Outcome['snapshot']>,
): EzError {
  return new EzError(
    'EZ_HTTP_STATUS',
    `${placeOf(prepared)} answered ${snapshot.status}. ${diagnosis?.message ?? 'See details.body for what the server says.'}`,
    {
      trace: prepared.trace,
      details: {
        status,
        body: textOf(maskResponse(snapshot, prepared)).slice(0, shownCharacters),
        ...(diagnosis ? { diagnosis } : {}),
      },
    },
  )
}
