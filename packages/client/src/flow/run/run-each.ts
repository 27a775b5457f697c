import { pMapIterable } from 'p-map'
import type { Answer } from '../answer/answer.ts'
import { RecordWriter } from '../output/write-output.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { checkNames, namesIn } from './names.ts'
import type { PlannedStep } from './plan.ts'
import { RecordRun } from './record-run.ts'
import { hasOwnOutput, type StepAnswer } from './run-once.ts'
import { templateOf } from './send-step.ts'

const concurrencyOfEach = 4

/**
 * Runs steps for each record, as records come: so many at the same time, answers written in the records' order.
 *
 * A refused record is counted, and the others go on. When the flow ends early, what is in flight is waited for.
 */
export async function runEach(
  source: string,
  consumers: readonly PlannedStep[],
  batches: AsyncIterable<readonly unknown[]>,
  run: FlowRun,
  scope: Scope,
  runNode: (node: PlannedStep, run: FlowRun, scope: Scope) => Promise<StepAnswer>,
): Promise<void> {
  const writers = new Map<string, RecordWriter>()
  const names = new Map<string, ReadonlySet<string>>()
  for (const { step } of consumers) {
    names.set(step.id, namesIn(templateOf(step)))
    if (step.output && !hasOwnOutput(step))
      writers.set(
        step.id,
        new RecordWriter(step.output, { ...scope, startedAt: run.settings.startedAt }, step.id),
      )
  }
  const { variables = {} } = run.settings.options
  const check = (record: unknown): void => {
    for (const { step } of consumers) checkNames(record, names.get(step.id) ?? new Set(), variables, step.id)
  }
  const records = new RecordRun(source, consumers, names, run, scope, runNode)
  const concurrency = Math.min(...consumers.map(({ step }) => step.concurrency ?? concurrencyOfEach))
  const inFlight = new Set<Promise<unknown>>()
  try {
    const results = pMapIterable(
      recordsIn(batches, check),
      ({ record, number }) => {
        const answers = records.send(record, number)
        inFlight.add(answers)
        return answers.finally(() => inFlight.delete(answers))
      },
      { concurrency, backpressure: concurrency * 4 },
    )
    for await (const answers of results)
      for (const [step, answer] of answers) await writers.get(step)?.write([lineOf(answer)])
    run.checkStop()
    for (const [step, writer] of writers) {
      await writer.close()
      run.result(step).bytes = writer.written
    }
  } catch (error) {
    await Promise.allSettled(inFlight)
    for (const writer of writers.values()) await writer.abort(error)
    throw error
  }
}

async function* recordsIn(
  batches: AsyncIterable<readonly unknown[]>,
  check: (record: unknown) => void,
): AsyncGenerator<{ readonly record: unknown; readonly number: number }> {
  let number = 0
  for await (const batch of batches) {
    // Before any of them is sent.
    for (const record of batch) check(record)
    for (const record of batch) {
      number += 1
      yield { record, number }
    }
  }
}

const lineOf = (answer: Answer): unknown =>
  answer.format === 'json' && answer.json !== undefined
    ? answer.json
    : { status: answer.status, text: answer.text }
