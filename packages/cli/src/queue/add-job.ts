import { EzError } from '@ez/core'
import type { Job, JobQueue, JobRow } from '@ez/queue'
import { isSecretName } from '@ez/request-file'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { resolveValue } from '../providers/options.ts'
import { type DataFormat, readRows } from '../rows/read.ts'
import type { Session } from '../session.ts'
import { definitionOf, definitionText } from './definition.ts'
import { jobKeyOf, type QueuePackage, storeKeyOf } from './load-queue.ts'
import { neededVariables, RowColumns } from './needed-variables.ts'
import { isRepeatable } from './repeatable.ts'

/** What is put on a queue. */
export interface AddJobOptions {
  readonly data: string
  readonly format: DataFormat
  readonly keep?: 'body'
  readonly signal: AbortSignal
  readonly progress: (rows: number) => void
}

/** Puts the rows of a file on a queue. @throws EZ_JOB_REFUSED, EZ_SECRET_IN_FILE, EZ_DATA_INVALID and the codes of the queue */
export async function addJob(
  { enqueueJob }: QueuePackage,
  queue: JobQueue,
  session: Session,
  request: LoadedRequest,
  { data, format, keep, signal, progress }: AddJobOptions,
): Promise<Job> {
  const definition = await definitionOf(request, session.grants, keep)
  const { rateLimit } = request.value
  const names = neededVariables(definition)
  const columns = new RowColumns()
  const storeKey = storeKeyOf()
  const jobKey = jobKeyOf()
  const keyOf = await accountOf(session, request)
  async function* rows(): AsyncGenerator<JobRow, void, undefined> {
    for await (const { number, data: row } of readRows(data, format)) {
      if (storeKey === undefined) refuseSecrets(data, number, row, request.value.secrets ?? [])
      columns.add(row)
      yield { number, key: await keyOf(row), data: row }
    }
  }
  const { perSecond, concurrency } = rateLimit ?? {}
  return enqueueJob({
    queue,
    name: request.value.name ?? request.label,
    definition: definitionText(definition),
    repeatable: isRepeatable(request.value),
    limit: {
      ...(perSecond !== undefined && { perSecond }),
      ...(concurrency !== undefined && { concurrency }),
    },
    rows: rows(),
    variables: () => names.filter((name) => !columns.has(name)),
    ...(jobKey !== undefined && { jobKey }),
    ...(storeKey !== undefined && { storeKey }),
    signal,
    progress,
  })
}

/** The account of a row: the resolved `rateLimit.key`, else the file's own name. */
async function accountOf(
  session: Session,
  request: LoadedRequest,
): Promise<(row: Record<string, unknown>) => Promise<string> | string> {
  const key = request.value.rateLimit?.key
  if (key === undefined) return () => request.label
  if (!/\{[{%]/.test(key)) return () => key
  const context = await session.context(request)
  const { source, path } = layerOf(request, 'rateLimit')
  const place = { source, path: [...path, 'rateLimit', 'key'] }
  const known = new Map<string, string>()
  const names = [...key.matchAll(/\{\{\s*([\w-]+)/g)].map(([, name]) => name as string)
  return async (data) => {
    const values = JSON.stringify(names.map((name) => data[name]))
    let account = known.get(values)
    if (account === undefined) {
      account = String(await resolveValue(key, { ...context, data }, request, place))
      if (known.size > 10_000) known.clear()
      known.set(values, account)
    }
    return account
  }
}

function refuseSecrets(
  file: string,
  number: number,
  row: Record<string, unknown>,
  listed: readonly string[],
): void {
  const name = Object.keys(row).find((column) => listed.includes(column) || isSecretName(column))
  if (name !== undefined)
    throw new EzError(
      'EZ_JOB_REFUSED',
      `${file}: row ${number} holds the secret "${name}", which would stand in the store in clear. Set EZ_STORE_KEY here and for the workers (openssl rand -base64 32): then rows are encrypted.`,
    )
}
