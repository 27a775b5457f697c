import { EzError, nearest } from '@ez/core'
import { compilePath, isJsonPath } from '../base/json-path.ts'
import { checkCondition } from './answer/condition.ts'
import { millisecondsOf } from './duration.ts'
import type { Capture, Flow, FlowStep } from './flow.ts'

const reserved: ReadonlySet<string> = new Set([
  ...['today', 'yesterday', 'min_time', 'max_time', 'min_num', 'max_num', 'cursor_val'],
  ...['now', 'timestamp', 'timestamp_ms', 'uuid', 'nonce'],
])
const captureKeys = ['json', 'xml', 'header', 'status', 'text'] as const

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
  for (const [name, capture] of Object.entries(step.capture ?? {})) checkCapture(id, name, capture)
  if (expect) checkCondition(expect, `${id}.expect`)
  if (repeat) checkRepeat(id, repeat)
  if (records !== undefined && isJsonPath(records)) compilePath(records)
  if (each !== undefined) checkEach(id, each, earlier)
  if (step.concurrency !== undefined && !(Number.isInteger(step.concurrency) && step.concurrency > 0))
    throw invalid(id, 'concurrency must be a whole number, 1 or more.')
}

function checkCapture(id: string, name: string, capture: Capture): void {
  const place = `${id}.capture.${name}`
  if (!/^[A-Za-z_][\w-]*$/.test(name))
    throw invalid(place, 'a runtime value has a name of letters, digits, "_" and "-".')
  if (reserved.has(name))
    throw new EzError('EZ_NAME_RESERVED', `${place}: {%${name}%} is built in. Capture it under another name.`)
  const given = captureKeys.filter((key) => capture[key] !== undefined && (capture[key] as unknown) !== false)
  if (given.length !== 1) throw invalid(place, `it needs exactly one of ${captureKeys.join(', ')}.`)
  if (capture.json !== undefined) {
    if (typeof capture.json !== 'string')
      throw invalid(`${place}.json`, 'it must be a JSONPath; quote the path.')
    compilePath(capture.json)
  }
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

/** An error of a flow's own text. */
export function invalid(place: string, problem: string): EzError {
  return new EzError('EZ_FLOW_INVALID', `${place}: ${problem}`, { details: { place } })
}
