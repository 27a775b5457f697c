import { nearest } from '@ez/core'
import { compilePath, isJsonPath } from '../base/json-path.ts'
import { checkCondition } from './answer/condition.ts'
import { checkCaptures, invalid } from './check-capture.ts'
import { millisecondsOf } from './duration.ts'
import type { Flow, FlowStep } from './flow.ts'

/**
 * Checks a flow before anything of it is sent.
 *
 * @throws EZ_FLOW_INVALID, EZ_NAME_RESERVED with the flow step and the place
 */
export function checkFlow(flow: Flow): void {
  if (!Array.isArray(flow?.steps) || flow.steps.length === 0)
    throw invalid('flow', 'it needs a list of steps with one step at least.')
  const known: FlowStep[] = []
  for (const [index, step] of flow.steps.entries()) {
    if (typeof step?.id !== 'string' || !/^[\w-]+$/.test(step.id))
      throw invalid(`steps[${index}]`, 'id must be letters, digits, "_" and "-".')
    if (known.some(({ id }) => id === step.id)) throw invalid(step.id, 'another step has the same id.')
    checkStep(step, known)
    known.push(step)
  }
}

function checkStep(step: FlowStep, earlier: readonly FlowStep[]): void {
  const { id, repeat, paginate, records, each, expect } = step
  if (repeat && paginate) throw invalid(id, 'repeat does not go with paginate.')
  if (repeat && each !== undefined) throw invalid(id, 'repeat does not go with each.')
  checkCaptures(id, step.capture ?? {})
  if (expect) checkCondition(expect, `${id}.expect`)
  if (repeat) checkRepeat(id, repeat)
  if (records !== undefined && isJsonPath(records)) compilePath(records)
  if (each !== undefined) checkEach(id, each, earlier)
  if (step.concurrency !== undefined && !(Number.isInteger(step.concurrency) && step.concurrency > 0))
    throw invalid(id, 'concurrency must be a whole number, 1 or more.')
}

function checkRepeat(id: string, repeat: NonNullable<FlowStep['repeat']>): void {
  millisecondsOf(repeat.every, `${id}.repeat.every`)
  if (repeat.atMost !== undefined) millisecondsOf(repeat.atMost, `${id}.repeat.atMost`)
  if (repeat.atMost === undefined && repeat.times === undefined)
    throw invalid(`${id}.repeat`, 'it needs atMost (a time) or times (a number of requests).')
  if (repeat.times !== undefined && !(Number.isInteger(repeat.times) && repeat.times > 0))
    throw invalid(`${id}.repeat.times`, 'it must be a whole number, 1 or more.')
  if (!repeat.until || Object.keys(repeat.until).length === 0)
    throw invalid(`${id}.repeat.until`, 'say what the last answer is like.')
  checkCondition(repeat.until, `${id}.repeat.until`)
  if (repeat.failWhen) checkCondition(repeat.failWhen, `${id}.repeat.failWhen`)
}

function checkEach(id: string, each: string, earlier: readonly FlowStep[]): void {
  const source = earlier.find((step) => step.id === each)
  if (!source) {
    const guess = nearest(
      each,
      earlier.map((step) => step.id),
    )
    throw invalid(`${id}.each`, `no earlier step is called ${each}.${guess ? ` Did you mean ${guess}?` : ''}`)
  }
  if (source.records === undefined && source.paginate === undefined)
    throw invalid(`${id}.each`, `the step ${each} has no records. Give it records or paginate.`)
}
