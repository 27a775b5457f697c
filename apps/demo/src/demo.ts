import { closePython } from '@ez/python'
import { type Arguments, helpText, readArguments, UsageError } from './arguments.ts'
import type { RequestResult } from './model.ts'
import { openNetwork } from './network.ts'
import { reportData } from './report/json.ts'
import { showHead, showRequestResult } from './report/request.ts'
import { columnsOf, createScreen } from './report/screen.ts'
import { showSummary } from './report/summary.ts'
import { requests } from './requests/index.ts'
import { runRequest } from './run.ts'

/**
 * Runs the demo.
 *
 * @returns the exit code: 0 when everything is as expected, 1 when anything is not, 2 for wrong arguments
 */
export async function demo(
  args: readonly string[],
  output: NodeJS.WriteStream,
  errors: NodeJS.WriteStream,
): Promise<number> {
  let wanted: Arguments
  try {
    wanted = readArguments(
      args,
      requests.map(({ name }) => name),
    )
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    errors.write(`demo: ${error.message}\n`)
    return 2
  }
  if (wanted.help) {
    output.write(helpText(requests))
    return 0
  }
  const results = await send(wanted, output)
  return results.every(({ cases }) => cases.every(({ problems }) => problems.length === 0)) ? 0 : 1
}

async function send({ json, only }: Arguments, output: NodeJS.WriteStream): Promise<RequestResult[]> {
  const chosen = only.length === 0 ? requests : requests.filter(({ name }) => only.includes(name))
  const screen = createScreen(output, columnsOf(output, process.env))
  const show = (lines: readonly string[]): void => {
    if (!json) output.write(`${lines.join('\n')}\n`)
  }
  const now = (): Date => new Date()
  const network = openNetwork(now)
  const started = performance.now()
  const results: RequestResult[] = []
  show(showHead(chosen.length, screen))
  try {
    for (const [index, request] of chosen.entries()) {
      const result = await runRequest(request, now)
      results.push(result)
      show(showRequestResult(result, { index, count: chosen.length, inFull: only.length > 0 }, screen))
    }
  } finally {
    closePython()
    network.close()
  }
  const seconds = (performance.now() - started) / 1000
  show(showSummary(results, { sent: network.sent.length, seconds }, screen))
  if (json) output.write(`${JSON.stringify(reportData(results, network.sent.length), null, 2)}\n`)
  return results
}
