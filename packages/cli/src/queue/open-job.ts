import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { EzError } from '@ez/core'
import type { Job, OpenJob, RowSender } from '@ez/queue'
import type { LoadedRequest } from '../files/request-file.ts'
import { checkSteps } from '../providers/check-steps.ts'
import { bigintText } from '../providers/options.ts'
import { resultOf } from '../rows/result.ts'
import { Executor } from '../send/execute.ts'
import type { Connections } from '../send/transport.ts'
import type { CommonFlags } from '../session.ts'
import { Session } from '../session.ts'
import type { OpenStore } from '../tokens/open-store.ts'
import { readDefinition } from './definition.ts'
import type { QueuePackage } from './load-queue.ts'

/** What a worker sends with. */
export interface WorkerSettings {
  readonly flags: CommonFlags
  readonly transport: Connections
  readonly timeoutMs: number
  /** The tokens that all workers share; without it each has its own. */
  readonly store?: () => Promise<OpenStore>
}

/** Opens jobs for a worker: in a folder of their own, removed when the process ends. */
export function jobOpener({ judgeSend }: QueuePackage, settings: WorkerSettings): OpenJob {
  return async (job) => {
    const { request: value, scripts, keep } = readDefinition(job.definition)
    const folder = mkdtempSync(join(tmpdir(), 'ez-job-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'request.json')
    writeFileSync(file, JSON.stringify(value, bigintText), { mode: 0o600 })
    for (const [name, text] of Object.entries(scripts)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text, { mode: 0o600 })
    }
    const session = await Session.open(settings.flags, settings.store)
    const [loaded] = (await refusing(job, () => session.load(file))) as [LoadedRequest]
    const request = { ...loaded, label: job.name }
    await refuseMissing(job, session, request)
    await refusing(job, () => checkSteps(request, session.grants))
    const executor = new Executor(session, {
      transport: settings.transport,
      timeoutMs: settings.timeoutMs,
      retries: 0,
      corrects: true,
      keepsBody: keep === 'body',
    })
    return senderOf(job, executor, request, judgeSend)
  }
}

function senderOf(
  job: Job,
  executor: Executor,
  request: LoadedRequest,
  judgeSend: QueuePackage['judgeSend'],
): RowSender {
  return async ({ number, data, startedAt, uuid, signal }) => {
    const { outcome, exchange, error } = await executor.attempt(
      request,
      { number, data: { ...data } },
      { startedAt, uuid: () => uuid, signal },
    )
    const judged = judgeSend(
      exchange
        ? { response: { ...exchange.response, ...(exchange.diagnosis && { diagnosis: exchange.diagnosis }) } }
        : { error },
      job.repeatable,
    )
    return { ...judged, result: resultOf(outcome) }
  }
}

async function refuseMissing(job: Job, session: Session, request: LoadedRequest): Promise<void> {
  const { variables = {} } = await session.context(request)
  const missing = job.variables.filter((name) => !Object.hasOwn(variables, name))
  if (missing.length > 0)
    throw refused(
      job,
      `this worker lacks ${missing.map((name) => `{{${name}}}`).join(', ')}. Set EZ_VAR_${missing[0]}, or give it in --env-file`,
    )
}

async function refusing<Result>(job: Job, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!EzError.isInstance(error)) throw error
    throw refused(job, error.message.replace(/\.$/, ''), error)
  }
}

const refused = (job: Job, why: string, cause?: unknown): EzError =>
  new EzError('EZ_JOB_REFUSED', `Job ${job.id} (${job.name}): ${why}.`, {
    details: { job: job.id },
    ...(cause !== undefined && { cause }),
  })
