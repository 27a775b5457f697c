import type { Job, JobStatus } from '@ez/queue'
import { printable } from '../output/printable.ts'
import { columns } from './columns.ts'

/** A job and its accounts as people read them. */
export function jobLines(status: JobStatus, perSecond?: number): string {
  const { job, rows, answered, unsent, inDoubt, waiting, workers, keys } = status
  const head = [
    `job ${job.id}  ${printable(job.name)}  ${job.state}  since ${job.startedAt}`,
    `${rows} rows: ${answered} answered, ${unsent} unsent, ${inDoubt} in doubt, ${waiting} waiting` +
      `${perSecond === undefined ? '' : `; ${perSecond.toFixed(1)} rows a second`}; ${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    `fingerprint ${job.fingerprint}${job.signature === '' ? '' : ', signed with EZ_JOB_KEY'}`,
  ]
  const table = columns([
    ['account', 'rows', 'answered', 'unsent', 'in doubt', 'waiting', 'why'],
    ...keys.map((key) => [
      printable(key.key),
      String(key.rows),
      String(key.answered),
      String(key.unsent),
      String(key.inDoubt),
      String(key.waiting),
      key.why ?? '',
    ]),
  ])
  return `${head.join('\n')}\n\n${table}\n`
}

/** Jobs as people read them, one a line. */
export function jobsTable(jobs: readonly Job[]): string {
  return `${columns([
    ['job', 'name', 'state', 'rows', 'since'],
    ...jobs.map(({ id, name, state, rows, startedAt }) => [
      id,
      printable(name),
      state,
      String(rows),
      startedAt,
    ]),
  ])}\n`
}
