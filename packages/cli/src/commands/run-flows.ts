import { EzError } from '@ez/core'
import type { LoadedRequest } from '../files/request-file.ts'
import { RecordJournal } from '../flow/record-journal.ts'
import { humanReport, jsonReport, testReport } from '../flow/report.ts'
import { runFlowFile } from '../flow/run-flow-file.ts'
import { StepAnswers } from '../flow/step-answers.ts'
import { aliveLine } from '../output/alive.ts'
import { widthOf, wrapped } from '../output/wrap.ts'
import { boundMemory } from '../rows/bound-memory.ts'
import { openJournal, tellUnsent } from '../rows/open-journal.ts'
import { onInterrupt } from '../send/interrupt.ts'
import { checkTarget, makeFolder } from '../send/targets.ts'
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
  await checkTarget('--out', flags.out)
  const { stdout, stderr } = process
  const line = (text: string): void => void stdout.write(`${text}\n`)
  const alive = aliveLine(!flags.json && !flags.quiet)
  const answers = new StepAnswers(flags, flows.flat(), stdout)
  const report = flags.json
    ? jsonReport(line)
    : humanReport({
        write: (text) => {
          alive.clear()
          line(wrapped(text, widthOf(stdout)))
        },
        alive: (text) => alive.say(text),
        stream: stdout,
        answerOf: (step) => answers.take(step),
      })
  const tests = testReport(
    flags.json === true,
    (text) => {
      alive.clear()
      line(flags.json ? text : wrapped(text, widthOf(stdout)))
    },
    stdout,
  )
  const note = (text: string): void => void stderr.write(`${text}\n`)
  const journal = flags.out === undefined ? undefined : openJournal(flags.out, flags, note)
  boundMemory()
  const interruption = onInterrupt(note)
  let complete = false
  try {
    const options = {
      transport: await transportOptions(flags),
      timeoutMs: flags.timeout,
      retries: flags.retries,
      follow: flags.follow === true,
      onWait: (text: string) => alive.say(text),
      ...(answers.isWanted && { onAnswer: answers.see }),
      bail: flags.bail === true,
      force: flags.force === true,
      stop: interruption.stop,
      ...(journal && { journal: new RecordJournal(journal, flags.keep === 'body') }),
      ...(flags.from !== undefined && { from: flags.from }),
      ...(flags.output !== undefined && { output: flags.output }),
    }
    for (const steps of flows) {
      const { refused } = await runFlowFile(session, steps, options, report, tests)
      answers.clear()
      if (refused > 0) process.exitCode = 1
    }
    complete = true
  } catch (error) {
    alive.clear()
    const unfinished = answers.takeLast()
    if (unfinished !== '') line(unfinished)
    throw error
  } finally {
    alive.clear()
    interruption.dispose()
    await journal?.close(complete)
    if (journal) tellUnsent(journal, note)
    if (interruption.stop.aborted && journal) note('Interrupted. Go on with the same command and --resume.')
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
  if (flags.out !== undefined && flows.flatMap(eachSources).length !== 1)
    throw refuse(
      '--out keeps a journal of the records of one list: of one flow, with steps that have "each".',
    )
  if ((flags.resume || flags.takeOver || flags.fsync) && flags.out === undefined)
    throw refuse('--resume, --take-over and --fsync belong to --out.')
  if (flags.keep !== undefined && flags.out === undefined)
    throw refuse('--keep says what the journal of --out holds beside the verdict.')
  for (const [flag, value] of Object.entries({
    '--data': flags.data,
    '--save': flags.save,
    '--report-file': flags.reportFile,
    '--reporter': flags.reporter,
  }))
    if (value !== undefined) throw refuse(`${flag} does not go with a flow (a file with "steps").`)
}

// The lists that steps with each run for; those of a record's own lists belong to the record.
function eachSources(steps: readonly LoadedRequest[]): string[] {
  const each = new Map(steps.flatMap(({ step }) => (step?.each === undefined ? [] : [[step.id, step.each]])))
  return [...new Set(each.values())].filter((source) => !each.has(source))
}
