import { EzError } from '@ez/core'
import { isVariablesFile } from '../files/load.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import { Reporter } from '../report/report.ts'
import type { DataFormat } from '../rows/read.ts'
import { RowOutputs } from '../rows/row-outputs.ts'
import { runRows } from '../rows/run-rows.ts'
import { Executor } from '../send/execute.ts'
import { onInterrupt } from '../send/interrupt.ts'
import { pooled } from '../send/pool.ts'
import { rateLimitsOf } from '../send/rate-limits.ts'
import { checkTarget, makeFolder } from '../send/targets.ts'
import { transportOptions } from '../send/transport.ts'
import { Session } from '../session.ts'
import type { RunFlags } from './run-flags.ts'
import { runFlows } from './run-flows.ts'
import { showing } from './showing.ts'

const defaultConcurrency = 4
const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** `ez run`: prepares and sends the requests of files, or one request for each row. */
export async function run(files: readonly string[], flags: RunFlags): Promise<void> {
  const session = await Session.open(flags)
  const requests: LoadedRequest[] = []
  const flows: LoadedRequest[][] = []
  // All files are read before anything is sent.
  for (const file of files) {
    // requests/*.yaml names the files of variables too.
    if (files.length > 1 && isVariablesFile(file)) continue
    const loaded = await session.load(file)
    if (loaded[0]?.step) flows.push(loaded)
    else requests.push(...loaded)
  }
  if (flows.length > 0) return runFlows(session, flows, requests, flags)
  checkFlags(flags, requests)
  if (flags.queue !== undefined && flags.queue !== false) {
    await checkTarget('--out', flags.out)
    const { runOnQueue } = await import('../queue/run-on-queue.ts')
    return runOnQueue(session, requests[0] as LoadedRequest, flags)
  }
  if (flags.data === undefined) await checkTarget('--output', flags.output)
  await checkTarget('--report-file', flags.reportFile)
  await checkTarget('--out', flags.out)
  await makeFolder('--save', flags.save)
  const interruption = onInterrupt(note)
  const halt = new AbortController()
  const { view, alive, options } = showing(flags, requests.length)
  const concurrency = flags.concurrency ?? concurrencyOf(requests)
  const rateLimit = await rateLimitsOf(session, requests)
  const outputs = rowOutputs(flags, requests)
  const executor = new Executor(session, {
    ...options,
    ...(rateLimit.length > 0 && { rateLimit }),
    keepsBody: flags.keep === 'body',
    transport: await transportOptions(flags),
    timeoutMs: flags.timeout,
    retries: flags.retries,
    ...(flags.output !== undefined && !outputs && { output: flags.output }),
    ...(flags.save !== undefined && { save: flags.save }),
  })
  const reporter = new Reporter(flags.reporter ?? (flags.json ? 'json' : 'human'), {
    ...(flags.reportFile !== undefined && { file: flags.reportFile }),
    // Standard output belongs to the body then.
    ...(flags.output === '-' && { output: process.stderr }),
    only: flags.data === undefined ? 'all' : 'bad',
    ...(view && { view }),
    total: flags.data === undefined && files.length > 1,
  })
  try {
    if (flags.data === undefined) {
      await pooled(
        requests,
        concurrency,
        async (request) => {
          const outcome = await executor.run(request)
          alive.clear()
          reporter.add(outcome)
          if (flags.bail && outcome.verdict !== 'ok') halt.abort()
        },
        AbortSignal.any([interruption.stop, halt.signal]),
      )
      await reporter.end()
    } else {
      const summary = await runRows(executor, requests[0] as LoadedRequest, {
        data: flags.data,
        format: formatOf(flags),
        ...(flags.out !== undefined && { out: flags.out }),
        resume: flags.resume === true,
        takeOver: flags.takeOver === true,
        fsync: flags.fsync === true,
        concurrency,
        ...(outputs && { outputs }),
        stop: interruption.stop,
        note,
        seen: (outcome) => reporter.add(outcome),
      })
      await reporter.end(summary)
    }
  } finally {
    interruption.dispose()
  }
  process.exitCode = reporter.exitCode
  if (interruption.stop.aborted) {
    process.exitCode = 1
    note(
      flags.out === undefined
        ? 'Interrupted: not everything was sent.'
        : 'Interrupted. Go on with the same command and --resume.',
    )
  }
}

const formatOf = ({ delimiter, encoding, types }: RunFlags): DataFormat => ({
  ...(delimiter !== undefined && { delimiter }),
  ...(encoding !== undefined && { encoding }),
  ...(types && { types }),
})

// Of several files, what the most careful one says.
function concurrencyOf(requests: readonly LoadedRequest[]): number {
  const written = requests.flatMap(({ value }) => value.concurrency ?? [])
  return written.length > 0 ? Math.min(...written) : defaultConcurrency
}

function rowOutputs({ output, data, force }: RunFlags, [request]: LoadedRequest[]): RowOutputs | undefined {
  return output === undefined || data === undefined || !request
    ? undefined
    : new RowOutputs(output, request, force === true)
}

function checkFlags(flags: RunFlags, requests: readonly LoadedRequest[]): void {
  const refuse = (problem: string): EzError => new EzError('EZ_USAGE', problem)
  if (flags.from !== undefined) throw refuse('--from is for flows: files with "steps".')
  if (flags.force && (flags.data === undefined || flags.output === undefined))
    throw refuse('--force is for flows (files with "steps"), and for --output with --data.')
  if (flags.data !== undefined && requests.length !== 1)
    throw refuse(`--data needs one request, and there are ${requests.length}. Name one: file.yaml#name`)
  if ((flags.delimiter ?? flags.encoding ?? flags.types) !== undefined && flags.data === undefined)
    throw refuse('--delimiter, --encoding and --types say how the file of --data is written.')
  if (flags.keep !== undefined && flags.out === undefined)
    throw refuse('--keep says what the results of --out hold beside the verdict.')
  if (flags.resume && flags.out === undefined)
    throw refuse('--resume goes on from the results of an earlier run. Name their file with --out.')
  if (flags.detach && flags.queue === undefined) throw refuse('--detach belongs to --queue.')
  if ((flags.takeOver || flags.fsync) && flags.out === undefined)
    throw refuse('--take-over and --fsync belong to --out.')
  if ((flags.out !== undefined || flags.resume) && flags.data === undefined)
    throw refuse('--out and --resume belong to --data.')
  if (flags.output !== undefined && requests.length !== 1)
    throw refuse('--output holds one body, so it needs one request.')
  if (flags.reportFile !== undefined && (flags.reporter ?? 'human') === 'human' && !flags.json)
    throw refuse('--report-file is for --reporter json or junit.')
}
