import { writeFile } from 'node:fs/promises'
import { type AnswerView, answerLines } from '../output/answer.ts'
import { colors } from '../output/colors.ts'
import { printableJson } from '../output/printable.ts'
import type { Summary } from '../rows/tally.ts'
import { type Outcome, type ToldOutcome, toldOf, worseCode } from '../send/outcome.ts'
import { outcomeLines } from './human.ts'
import { junitReport } from './junit.ts'

export type ReporterName = 'human' | 'json' | 'junit'

// Of a run over rows, so many lines are told; the file of results has them all.
const mostRowLines = 20

/** Tells what became of the requests: lines as they end, or one document at the end. */
export class Reporter {
  // For the document of a reporter, and of rows the first that were not ok.
  readonly #outcomes: ToldOutcome[] = []
  readonly #keepsAll: boolean
  #bad = 0
  #exitCode: 0 | 1 | 2 = 0
  readonly #name: ReporterName
  readonly #file: string | undefined
  readonly #output: NodeJS.WriteStream
  readonly #only: 'all' | 'bad'
  readonly #view: AnswerView | undefined
  readonly #total: Record<Outcome['verdict'], number> | undefined
  /** Whether lines for people are told: not where the document of a reporter goes. */
  readonly #tellsLines: boolean

  constructor(
    name: ReporterName,
    options: {
      file?: string
      output?: NodeJS.WriteStream
      only?: 'all' | 'bad'
      /** How much of an answer is shown under its line. */
      view?: AnswerView
      /** Whether a last line adds up. */
      total?: boolean
    } = {},
  ) {
    this.#name = name
    this.#file = options.file
    this.#output = options.output ?? process.stdout
    this.#only = options.only ?? 'all'
    this.#view = options.view
    this.#total = options.total ? { ok: 0, refused: 0, failed: 0 } : undefined
    this.#keepsAll = name !== 'human'
    this.#tellsLines = name === 'human' || options.file !== undefined
  }

  add(outcome: Outcome): void {
    this.#exitCode = worseCode(this.#exitCode, outcome)
    const bad = outcome.verdict !== 'ok'
    if (this.#total) this.#total[outcome.verdict] += 1
    if (bad) this.#bad += 1
    const keeps = this.#keepsAll || (bad && this.#bad <= mostRowLines)
    const tells = this.#tellsLines && this.#only === 'all'
    if (!keeps && !tells) return
    const told = toldOf(outcome)
    if (keeps) this.#outcomes.push(told)
    if (tells) this.#output.write(`${outcomeLines(told, this.#output)}\n${this.#answer(outcome)}`)
  }

  #answer({ prepared, response }: Outcome): string {
    if (!this.#view || !prepared || !response) return ''
    const place = {
      stream: this.#output,
      pointer: 'All of it: --output <file>, or --output - for the body alone.',
    }
    const text = answerLines({ prepared, response }, this.#view, place)
    return text === '' ? '' : `${text}\n`
  }

  /** The exit code of the run. */
  get exitCode(): 0 | 1 | 2 {
    return this.#exitCode
  }

  async end(summary?: Summary): Promise<void> {
    if (this.#tellsLines && this.#only === 'bad') this.#badRows()
    const document = this.#document(summary)
    if (this.#file !== undefined && document !== undefined) await writeFile(this.#file, document)
    else if (document !== undefined) this.#output.write(document)
    if (summary && this.#tellsLines) this.#output.write(`${summaryLine(summary)}\n`)
    if (this.#total && this.#tellsLines) this.#output.write(`${totalLine(this.#total)}\n`)
  }

  // At the end, where a progress bar does not run through them.
  #badRows(): void {
    const bad = this.#outcomes.filter(({ verdict }) => verdict !== 'ok')
    for (const outcome of bad.slice(0, mostRowLines))
      this.#output.write(`${outcomeLines(outcome, this.#output)}\n`)
    if (this.#bad > mostRowLines)
      this.#output.write(`… and ${this.#bad - mostRowLines} more that were not ok\n`)
  }

  #document(summary: Summary | undefined): string | undefined {
    if (this.#name === 'junit') return junitReport(this.#outcomes)
    if (this.#name === 'json')
      return `${printableJson({ requests: this.#outcomes, ...(summary && { summary }) }, 2)}\n`
    return undefined
  }
}

function totalLine(counts: Readonly<Record<Outcome['verdict'], number>>): string {
  const { ok, refused, failed } = counts
  const sum = ok + refused + failed
  return `${sum} ${sum === 1 ? 'request' : 'requests'}: ${countsOf(counts).join(', ')}`
}

function countsOf({ ok, refused, failed }: Readonly<Record<Outcome['verdict'], number>>): string[] {
  const { green, yellow, red } = colors(process.stdout)
  return [
    green(`${ok} ok`),
    refused > 0 ? yellow(`${refused} refused`) : `${refused} refused`,
    failed > 0 ? red(`${failed} failed`) : `${failed} failed`,
  ]
}

/** A summary as a line. */
function summaryLine({ rows, ok, refused, failed, skipped, p50, p95 }: Summary): string {
  const { dim } = colors(process.stdout)
  const counts = [...countsOf({ ok, refused, failed }), ...(skipped > 0 ? [`${skipped} done before`] : [])]
  return `${rows} ${rows === 1 ? 'row' : 'rows'}: ${counts.join(', ')} ${dim(`p50 ${p50} ms, p95 ${p95} ms`)}`
}
