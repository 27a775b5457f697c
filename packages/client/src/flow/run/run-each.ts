import { EzError } from '@ez/core'
import { pMapIterable } from 'p-map'
import { attemptsOf } from '../../response/attempts-of.ts'
import type { Answer } from '../answer/answer.ts'
import { RecordWriter } from '../output/write-output.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { checkNames, dataOfRecord, namesIn } from './names.ts'
import type { PlannedStep } from './plan.ts'
import type { StepAnswer } from './run-once.ts'
import { templateOf } from './send-step.ts'

const concurrencyOfEach = 4

/** What came of one record: a line for the output of each step that has one. */
type Lines = readonly (readonly [writer: RecordWriter, line: unknown])[]

/**
 * Runs steps for each record, as records come: so many at the same time, answers written in the records' order.
 *
 * A refused record is counted, and the others go on.
 */
export async function runEach(
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
    if (step.output)
      writers.set(
        step.id,
        new RecordWriter(step.output, { ...scope, startedAt: run.settings.startedAt }, step.id),
      )
  }
  const { variables = {} } = run.settings.options
  const check = (record: unknown): void => {
    for (const { step } of consumers) checkNames(record, names.get(step.id) ?? new Set(), variables, step.id)
  }
  const concurrency = Math.min(...consumers.map(({ step }) => step.concurrency ?? concurrencyOfEach))
  const perRecord = async (record: unknown): Promise<Lines> => {
    const lines: [RecordWriter, unknown][] = []
    let outputs = scope.outputs
    for (const node of consumers) {
      const { step } = node
      const data = { ...scope.data, ...dataOfRecord(record, names.get(step.id) ?? new Set()) }
      try {
        const { answer, captured } = await runNode(node, run, { outputs, data })
        outputs = { ...outputs, ...captured }
        const writer = writers.get(step.id)
        if (writer && answer) lines.push([writer, lineOf(answer)])
        run.tell({ type: 'record', step: step.id, record, answered: run.result(step.id).answers })
      } catch (error) {
        if (run.settings.bail || !isRefusal(error)) throw error
        const result = run.result(step.id)
        result.refused = (result.refused ?? 0) + 1
        run.refused += 1
        run.tell({ type: 'refused', step: step.id, record, error })
        break
      }
    }
    return lines
  }
  try {
    const results = pMapIterable(recordsIn(batches, check), perRecord, {
      concurrency,
      backpressure: concurrency * 4,
    })
    for await (const lines of results) for (const [writer, line] of lines) await writer.write([line])
    for (const writer of writers.values()) await writer.close()
  } catch (error) {
    for (const writer of writers.values()) await writer.abort(error)
    throw error
  }
}

async function* recordsIn(
  batches: AsyncIterable<readonly unknown[]>,
  check: (record: unknown) => void,
): AsyncGenerator<unknown> {
  for await (const batch of batches) {
    // Before any of them is sent.
    for (const record of batch) check(record)
    yield* batch
  }
}

const lineOf = (answer: Answer): unknown =>
  answer.format === 'json' && answer.json !== undefined
    ? answer.json
    : { status: answer.status, text: answer.text }

// What is wrong with the flow itself is wrong for every record.
const ofFlow =
  /^EZ_(?:FLOW|NAME|TEMPLATE|FILE|OPTION|STEP_|SPEC|OUTPUT_PATH|ABORTED|HOST_NOT_ALLOWED|CREDENTIAL)/

function isRefusal(error: unknown): boolean {
  return (
    EzError.isInstance(error) &&
    (!ofFlow.test(error.code) || attemptsOf(error).length > 0) &&
    error.code !== 'EZ_ABORTED'
  )
}
