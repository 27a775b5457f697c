import { EzError } from '@ez/core'
import type { LoadedRequest } from '../files/request-file.ts'
import { humanReport, jsonReport } from '../flow/report.ts'
import { runFlowFile } from '../flow/run-flow-file.ts'
import { onInterrupt } from '../send/interrupt.ts'
import { makeFolder } from '../send/targets.ts'
import { transportOptions } from '../send/transport.ts'
import type { Session } from '../session.ts'
import type { RunFlags } from './run-flags.ts'

/** `ez run` of flow files: one after the other, each step told as it is done. Exit code 1 when a record was refused. */
export async function runFlows(
  session: Session,
  flows: readonly (readonly LoadedRequest[])[],
  others: readonly LoadedRequest[],
  flags: RunFlags,
): Promise<void> {
  checkFlags(flows, others, flags)
  await makeFolder('--output', flags.output)
  const { stdout, stderr } = process
  const line = (text: string): void => void stdout.write(`${text}\n`)
  const isAlive = stderr.isTTY && process.env.TERM !== 'dumb' && !flags.json
  const clear = (): void => void (isAlive && stderr.write('\r\u001b[2K'))
  const alive = (text: string): void =>
    void (isAlive && stderr.write(`\r\u001b[2K${text.slice(0, (stderr.columns || 80) - 1)}`))
  const report = flags.json
    ? jsonReport(line)
    : humanReport(
        (text) => {
          clear()
          line(text)
        },
        alive,
        stdout,
      )
  const interruption = onInterrupt((text) => void stderr.write(`${text}\n`))
  try {
    const options = {
      transport: await transportOptions(flags),
      timeoutMs: flags.timeout,
      retries: flags.retries,
      bail: flags.bail === true,
      force: flags.force === true,
      signal: interruption.stop,
      ...(flags.from !== undefined && { from: flags.from }),
      ...(flags.output !== undefined && { output: flags.output }),
    }
    for (const steps of flows) {
      const { refused } = await runFlowFile(session, steps, options, report)
      if (refused > 0) process.exitCode = 1
    }
  } finally {
    clear()
    interruption.dispose()
  }
}

function checkFlags(
  flows: readonly (readonly LoadedRequest[])[],
  others: readonly LoadedRequest[],
  flags: RunFlags,
): void {
  const refuse = (problem: string): EzError => new EzError('EZ_USAGE', problem)
  if (others.length > 0)
    throw refuse('a flow goes step by step, other requests at the same time. Run them in two commands.')
  if (flags.from !== undefined && flows.length > 1)
    throw refuse('--from is for one flow, and there are several.')
  for (const [flag, value] of Object.entries({
    '--data': flags.data,
    '--out': flags.out,
    '--resume': flags.resume,
    '--save': flags.save,
    '--report-file': flags.reportFile,
    '--reporter': flags.reporter,
  }))
    if (value !== undefined) throw refuse(`${flag} does not go with a flow (a file with "steps").`)
}
