import type { SeenAnswer } from '@ez/client'
import type { RunFlags } from '../commands/run-flags.ts'
import type { LoadedRequest } from '../files/request-file.ts'
import { answerLines } from '../output/answer.ts'

// Of a step among others; all that fits on a screen where it is asked for.
const fewLines = 10

/**
 * The answers of a flow's steps as they are shown: on a terminal the body, with `-i` the head and with `-v` the request
 * too, wherever the output goes. Of lists only the last page's head, and of `each` nothing.
 */
export class StepAnswers {
  /** Whether anything is shown at all. */
  readonly isWanted: boolean
  readonly #flags: RunFlags
  readonly #stream: NodeJS.WriteStream
  readonly #lists: ReadonlySet<string>
  readonly #seen = new Map<string, SeenAnswer>()

  constructor(flags: RunFlags, steps: readonly LoadedRequest[], stream: NodeJS.WriteStream) {
    const { quiet = false, include = false, verbose = false, json = false } = flags
    this.isWanted = !json && !quiet && (include || verbose || stream.isTTY === true)
    this.#flags = flags
    this.#stream = stream
    this.#lists = new Set(
      steps.flatMap(({ step }) => (step?.paginate || step?.records !== undefined ? [step.id] : [])),
    )
  }

  /** Notes the newest answer of a step. */
  readonly see = (answer: SeenAnswer): void => {
    this.#seen.delete(answer.step)
    this.#seen.set(answer.step, answer)
  }

  /** What is shown of a step that is done. */
  take(step: string): string {
    const answer = this.#seen.get(step)
    this.#seen.delete(step)
    return answer ? this.#text(answer) : ''
  }

  /** What is shown of a step that failed: its newest answer. */
  takeLast(): string {
    const last = [...this.#seen.keys()].at(-1)
    return last === undefined ? '' : this.take(last)
  }

  clear(): void {
    this.#seen.clear()
  }

  #text(answer: SeenAnswer): string {
    const { include = false, verbose = false } = this.#flags
    const isAsked = include || verbose
    return answerLines(
      answer,
      { head: isAsked, request: verbose, body: !this.#lists.has(answer.step) },
      {
        stream: this.#stream,
        pointer: "All of it: output: { file: 'answer.json' } in the step.",
        ...(!isAsked && { lines: fewLines }),
      },
    )
  }
}
