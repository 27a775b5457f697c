import type { Flow, FlowStep } from '../flow.ts'

/** A flow step, and those that run for each of its records. */
export interface PlannedStep {
  readonly step: FlowStep
  /** Run in order for each record, as it comes. */
  readonly consumers: PlannedStep[]
  /** Whether a step that stands apart wants the records later, so that they must be kept. */
  isKept: boolean
  /** Whose kept records it runs for. */
  readonly source?: PlannedStep
}

/**
 * The order of a flow's steps: those with `each` go below the step whose records they run for.
 *
 * When other steps stand between the two, the records are kept until it is their turn.
 */
export function planFlow(flow: Flow, from: number): PlannedStep[] {
  const planned: PlannedStep[] = []
  const all = new Map<string, PlannedStep>()
  for (const step of flow.steps.slice(from)) {
    const source = step.each === undefined ? undefined : all.get(step.each)
    const last = planned.at(-1)
    const isNear = source !== undefined && last !== undefined && holds(last, source)
    const own: PlannedStep = {
      step,
      consumers: [],
      isKept: false,
      ...(source !== undefined && !isNear && { source }),
    }
    all.set(step.id, own)
    if (isNear) {
      source.consumers.push(own)
      continue
    }
    if (source) source.isKept = true
    planned.push(own)
  }
  return planned
}

const holds = (tree: PlannedStep, wanted: PlannedStep): boolean =>
  tree === wanted || tree.consumers.some((consumer) => holds(consumer, wanted))
