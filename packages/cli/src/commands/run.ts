import { outcomeLines } from '../report/human.ts'
import { execute } from '../send/execute.ts'
import { exitCodeFor, type Outcome } from '../send/outcome.ts'
import { pooled } from '../send/pool.ts'
import { type CommonFlags, Session } from '../session.ts'

export interface RunFlags extends CommonFlags {
  readonly concurrency: number
  readonly timeout: number
}

/** `ez run`: prepares and sends the requests of files. */
export async function run(files: readonly string[], flags: RunFlags): Promise<void> {
  const session = await Session.open(flags)
  // All files are read before anything is sent.
  const requests = []
  for (const file of files) requests.push(...(await session.load(file)))
  const outcomes: Outcome[] = []
  const options = { fetch, timeoutMs: flags.timeout, signal: new AbortController().signal }
  await pooled(requests, flags.concurrency, async (request) => {
    const outcome = await execute(session, request, options)
    outcomes.push(outcome)
    if (!flags.json) process.stdout.write(`${outcomeLines(outcome)}\n`)
  })
  if (flags.json) process.stdout.write(`${JSON.stringify({ requests: outcomes }, null, 2)}\n`)
  process.exitCode = exitCodeFor(outcomes)
}
