import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { EzError, reveal, type Secret } from '@ez/core'
import type { Job } from '../contract/job.ts'

/** Which jobs a worker takes: what they send is chosen by whoever can write to the store. */
export interface Trust {
  /** SHA-256 of definitions, in hex, as they are printed when a job is added. */
  readonly fingerprints?: readonly string[]
  /** The key that jobs are signed with; the same where they are added. */
  readonly key?: string | Secret
}

/** What a worker is told to trust: SHA-256 of a definition, in hex. */
export function fingerprintOf(definition: string): string {
  return createHash('sha256').update(definition).digest('hex')
}

/** Signs what makes a job what it is. */
export function signatureOf(
  { id, startedAt, fingerprint, repeatable }: Pick<Job, 'id' | 'startedAt' | 'fingerprint' | 'repeatable'>,
  key: string | Secret | undefined,
): string {
  if (key === undefined) return ''
  const text = JSON.stringify([id, startedAt, fingerprint, repeatable])
  return createHmac('sha256', reveal(key)).update(text).digest('hex')
}

/** @throws EZ_JOB_REFUSED when the worker was not told to trust it, or its definition is not the one that was signed */
export function checkTrust(job: Job, { fingerprints = [], key }: Trust): void {
  const found = fingerprintOf(job.definition)
  if (found !== job.fingerprint)
    throw refused(job, 'its definition is not the one that was added: somebody changed it in the store')
  if (fingerprints.includes(found)) return
  if (key !== undefined && equal(signatureOf(job, key), job.signature)) return
  throw refused(
    job,
    key === undefined
      ? `this worker does not trust it. See what it sends, then start the worker with --trust ${found}, or share EZ_JOB_KEY`
      : 'it was not signed with this EZ_JOB_KEY. Set the same key where jobs are added and where they are worked on',
  )
}

/** Says why a worker does not take a job. */
export const refused = (job: Pick<Job, 'id' | 'name'>, why: string): EzError =>
  new EzError('EZ_JOB_REFUSED', `Job ${job.id} (${job.name}): ${why}.`, { details: { job: job.id } })

function equal(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)]
  return one.length > 0 && one.length === other.length && timingSafeEqual(one, other)
}
