import { EzError } from '@ez/core'
import { attemptsOf } from '../../response/attempts-of.ts'
import type { Answer } from '../answer/answer.ts'
import { hiddenIn } from '../answer/hide.ts'
import type { FlowJournal, RecordOutcome } from '../journal.ts'
import type { FlowRun, Scope } from './flow-run.ts'
import { dataOfRecord } from './names.ts'
import type { PlannedStep } from './plan.ts'
import type { StepAnswer } from './run-once.ts'

/** The answers to the requests of a record, by flow step. */
export type RecordAnswers = readonly (readonly [step: string, answer: Answer])[]

/** Sends the requests of records: one for each of some flow steps, in order, until one is refused. */
export class RecordRun {
  readonly #source: string
  readonly #consumers: readonly PlannedStep[]
  readonly #names: ReadonlyMap<string, ReadonlySet<string>>
  readonly #run: FlowRun
  readonly #scope: Scope
  readonly #runNode: (node: PlannedStep, run: FlowRun, scope: Scope) => Promise<StepAnswer>

  constructor(
    source: string,
    consumers: readonly PlannedStep[],
    names: ReadonlyMap<string, ReadonlySet<string>>,
    run: FlowRun,
    scope: Scope,
    runNode: (node: PlannedStep, run: FlowRun, scope: Scope) => Promise<StepAnswer>,
  ) {
    this.#source = source
    this.#consumers = consumers
    this.#names = names
    this.#run = run
    this.#scope = scope
    this.#runNode = runNode
  }

  /** Sends the requests of a record, unless the journal says that they were sent. @throws what ends the flow */
  async send(record: unknown, number: number): Promise<RecordAnswers> {
    const { settings } = this.#run
    if (settings.stop?.aborted) return []
    // Records of a record are its own business: when it is done, they are.
    const journal = this.#scope.isOfRecord ? undefined : settings.journal
    const numbered = { step: this.#source, number, record }
    if (journal && !(await journal.begin(numbered))) {
      for (const { step } of this.#consumers) {
        const result = this.#run.result(step.id)
        result.skipped = (result.skipped ?? 0) + 1
      }
      return []
    }
    const began = settings.timers.now()
    const answers: [string, Answer][] = []
    const captures: Record<string, unknown> = {}
    const kept: Record<string, unknown> = {}
    let last: StepAnswer | undefined
    const ended = async (error?: unknown): Promise<void> => {
      if (!journal) return
      const milliseconds = settings.timers.now() - began
      const outcome: RecordOutcome = {
        captures: kept,
        milliseconds,
        ...(error === undefined ? await lastOf(last, journal) : { error }),
      }
      journal.end(numbered, outcome)
    }
    for (const node of this.#consumers) {
      try {
        last = await this.#one(node, record, captures, answers)
        if (journal) Object.assign(kept, await shownCaptures(last))
      } catch (error) {
        await ended(error)
        if (settings.bail || !isRefusal(error)) throw error
        this.#refused(node, record, error)
        return answers
      }
    }
    await ended()
    return answers
  }

  async #one(
    node: PlannedStep,
    record: unknown,
    captures: Record<string, unknown>,
    answers: [string, Answer][],
  ): Promise<StepAnswer> {
    const { step } = node
    const data = { ...this.#scope.data, ...dataOfRecord(record, this.#names.get(step.id) ?? new Set()) }
    const outputs = { ...this.#scope.outputs, ...captures }
    const sent = await this.#runNode(node, this.#run, { outputs, data, isOfRecord: true })
    const { answer, captured } = sent
    Object.assign(captures, captured)
    if (answer) answers.push([step.id, answer])
    this.#run.tell({ type: 'record', step: step.id, record, answered: this.#run.result(step.id).answers })
    return sent
  }

  #refused({ step }: PlannedStep, record: unknown, error: unknown): void {
    const result = this.#run.result(step.id)
    result.refused = (result.refused ?? 0) + 1
    this.#run.refused += 1
    this.#run.tell({ type: 'refused', step: step.id, record, error })
  }
}

async function shownCaptures({ captured, hider }: StepAnswer): Promise<Record<string, unknown>> {
  if (Object.keys(captured).length === 0 || !hider) return { ...captured }
  return hiddenIn(captured, await hider()) as Record<string, unknown>
}

async function lastOf(
  last: StepAnswer | undefined,
  { keepsBodies }: FlowJournal,
): Promise<Pick<RecordOutcome, 'status' | 'body'>> {
  const { answer, hider } = last ?? {}
  if (!answer) return {}
  const { status } = answer
  if (!keepsBodies || !hider) return { status }
  const body = answer.format === 'json' ? (answer.json ?? answer.text) : answer.text
  return { status, body: hiddenIn(body, await hider()) }
}

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
