import { EzError } from '@ez/core'
import type * as Queue from '@ez/queue'
import { Grants } from '../grants.ts'
import { ownFolder } from '../providers/package.ts'
import { loadOptional } from '../providers/scripts.ts'

/** The package that puts rows on a queue. */
export type QueuePackage = typeof Queue

/** Loads `@ez/queue`, which is installed by who needs it. @throws EZ_PROVIDER_MISSING */
export async function loadQueue(): Promise<QueuePackage> {
  return (await loadOptional(
    '@ez/queue',
    '.',
    ownFolder,
    'A queue',
    new Grants([]),
  )) as unknown as QueuePackage
}

/** The address of the store: `--queue`, else EZ_QUEUE. @throws EZ_USAGE */
export function queueAddress(flag: string | boolean | undefined): string {
  const address = typeof flag === 'string' ? flag : process.env.EZ_QUEUE
  if (address === undefined || address === '')
    throw new EzError(
      'EZ_USAGE',
      'No queue is named. Give its address with --queue, or set EZ_QUEUE: redis://… or postgres://….',
    )
  return address
}

/** The key that jobs are signed with, of EZ_JOB_KEY; `undefined` when it is empty. */
export const jobKeyOf = (): string | undefined => process.env.EZ_JOB_KEY || undefined

/** The key that rows and tokens are encrypted with, of EZ_STORE_KEY; `undefined` when it is empty. */
export const storeKeyOf = (): string | undefined => process.env.EZ_STORE_KEY || undefined
