import type { FlowRun, Scope } from './flow-run.ts'
import type { PlannedStep } from './plan.ts'
import { runEach } from './run-each.ts'
import { runOnce, type StepAnswer } from './run-once.ts'
import { runRecords } from './run-records.ts'

/** Runs a flow step of the outermost level; what it captured is known to all that follow. */
export async function runStep(node: PlannedStep, run: FlowRun, scope: Scope): Promise<void> {
  if (node.source)
    await runEach(node.source.step.id, [node], keptRecords(run, node.source.step.id), run, scope, runNode)
  else Object.assign(run.captures, (await runNode(node, run, scope)).captured)
  tellDone(node, run)
}

/** Runs a step, and below it those that run for its records. */
async function runNode(node: PlannedStep, run: FlowRun, scope: Scope): Promise<StepAnswer> {
  const { step, consumers } = node
  if (!step.paginate && step.records === undefined) return runOnce(step, run, scope)
  const captured = await runRecords(node, run, scope, (batches) =>
    runEach(step.id, consumers, batches, run, scope, runNode),
  )
  return { answer: undefined, captured }
}

async function* keptRecords(run: FlowRun, source: string): AsyncGenerator<readonly unknown[]> {
  yield run.kept(source)
}

function tellDone({ step, consumers }: PlannedStep, run: FlowRun): void {
  run.tell({ type: 'done', ...run.result(step.id) })
  for (const consumer of consumers) tellDone(consumer, run)
}
