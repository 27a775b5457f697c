import { EzError } from '@ez/core'
import type { Timers } from '../../base/timers.ts'
import type { Client } from '../../client.ts'
import type { ClientStep } from '../../contract/client-step.ts'
import type { ClientOptions } from '../../contract/options.ts'
import type { TemplateScript } from '../../contract/template-script.ts'
import type { FlowEvent, FlowStepResult, SeenAnswer } from '../events.ts'
import type { FlowConditions, FlowStep, StepAnswered } from '../flow.ts'
import type { FlowJournal } from '../journal.ts'
import type { OutputValues } from '../output/step-output.ts'

/** What all steps of a flow share. */
export interface FlowSettings {
  readonly client: Client
  readonly options: ClientOptions
  readonly timers: Timers
  readonly clock: () => Date
  readonly startedAt: Date
  readonly bail: boolean
  readonly stop: AbortSignal | undefined
  readonly journal: FlowJournal | undefined
  readonly onEvent: (event: FlowEvent) => void
  readonly onAnswer: ((answer: SeenAnswer) => void) | undefined
  readonly stepsFor: (
    step: FlowStep,
    values: OutputValues,
  ) => readonly ClientStep[] | Promise<readonly ClientStep[]>
  readonly templateScriptsFor: (
    step: FlowStep,
    values: OutputValues,
  ) => readonly TemplateScript[] | Promise<readonly TemplateScript[]>
  readonly afterAnswer: (step: FlowStep, answer: StepAnswered, values: OutputValues) => void | Promise<void>
  readonly conditionsFor: (step: FlowStep, values: OutputValues) => FlowConditions | Promise<FlowConditions>
  /** Origins that the flow's own text names. */
  readonly origins: ReadonlySet<string>
}

/** What a step of a flow sees: runtime values so far, and the record that it runs for. */
export interface Scope {
  readonly outputs: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
  /** Whether it runs for a record. */
  readonly isOfRecord?: boolean
}

/** A flow on its way: what was captured, and what came of each step. */
export class FlowRun {
  readonly settings: FlowSettings
  readonly captures: Record<string, unknown> = {}
  readonly #results = new Map<string, { -readonly [Key in keyof FlowStepResult]: FlowStepResult[Key] }>()
  readonly #kept = new Map<string, unknown[]>()
  /** Whether any request of the flow went by https. */
  isSecure = false
  refused = 0

  constructor(settings: FlowSettings) {
    this.settings = settings
  }

  get results(): readonly FlowStepResult[] {
    return [...this.#results.values()]
  }

  /** The result of a step, made when it is first asked for. */
  result(step: string): { -readonly [Key in keyof FlowStepResult]: FlowStepResult[Key] } {
    let result = this.#results.get(step)
    if (!result) {
      result = { step, answers: 0 }
      this.#results.set(step, result)
    }
    return result
  }

  /** Records that a step further on wants. */
  kept(step: string): unknown[] {
    let records = this.#kept.get(step)
    if (!records) {
      records = []
      this.#kept.set(step, records)
    }
    return records
  }

  /** @throws EZ_ABORTED when nothing new is to be sent */
  checkStop(): void {
    if (this.settings.stop?.aborted)
      throw new EzError('EZ_ABORTED', 'The flow was stopped; what was in flight has ended.', {
        cause: this.settings.stop.reason,
      })
  }

  tell(event: FlowEvent): void {
    this.settings.onEvent(event)
  }
}
