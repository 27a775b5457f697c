import type { CaseResult, RequestResult } from '../model.ts'
import { defectNames } from './request.ts'
import { fit, pad, type Screen, widthOf, wrapProse } from './screen.ts'

const space = 2

/** The table at the end, and one line that says how it went. */
export function showSummary(
  results: readonly RequestResult[],
  { sent, seconds }: { sent: number; seconds: number },
  screen: Screen,
): string[] {
  const { paint } = screen
  const cases = results.flatMap((result) => result.cases)
  const good = (wanted: readonly CaseResult[]): number =>
    wanted.filter(({ problems }) => problems.length === 0).length
  const right = cases.filter(({ defect }) => defect === null)
  const altered = cases.filter(({ defect }) => defect !== null)
  const isGood = good(cases) === cases.length
  const verdict =
    `${good(right)} of ${right.length} requests accepted, ${good(altered)} of ${altered.length} altered ones refused` +
    ` as their vendors would. ${sent} sent in ${seconds.toFixed(1)} s.`
  return [
    '',
    ...table(results, screen),
    '',
    ...wrapProse(
      `${isGood ? paint(['bold', 'green'], '✓ Good.') : paint(['bold', 'red'], '✗ Not as expected.')} ${verdict}`,
      screen.columns,
    ),
  ]
}

// What a cell tells; where the long form does not fit, a shorter one does.
type Detail = 'code' | 'status' | 'mark'

const longHeads = ['request', 'right', ...Object.values(defectNames)]
const shortHeads = ['request', 'right', 'key', 'change', 'clock']

function table(results: readonly RequestResult[], screen: Screen): string[] {
  const build = (detail: Detail): { heads: string[]; rows: string[][] } => ({
    heads: detail === 'mark' ? shortHeads : longHeads,
    rows: results.map(({ request, cases }) => [
      screen.paint('bold', request.name),
      ...cases.map((result) => cell(result, detail, screen)),
    ]),
  })
  const fits = ({ heads, rows }: { heads: string[]; rows: string[][] }): boolean =>
    totalWidth([heads, ...rows]) <= screen.columns
  const { heads, rows } = [build('code'), build('status')].find(fits) ?? build('mark')
  const widths = widthsOf([heads, ...rows])
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => pad(text, (widths[index] as number) + space))
      .join('')
      .trimEnd()
  return [
    screen.paint('dim', line(heads)),
    screen.paint('dim', widths.map((width) => '─'.repeat(width)).join(' '.repeat(space))),
    ...rows.map(line),
  ].map((text) => fit(text, screen.columns))
}

function cell(result: CaseResult, detail: Detail, { paint }: Screen): string {
  const isGood = result.problems.length === 0
  const parts = [
    detail === 'mark' ? undefined : (result.answer?.status ?? 'not sent'),
    detail === 'code' ? result.code : undefined,
  ]
  const text = parts.filter((part) => part !== undefined).join(' ')
  return isGood ? `${paint('green', '✓')} ${text}`.trimEnd() : paint('red', `✗ ${text}`.trimEnd())
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const [first = []] = rows
  return first.map((_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ''))))
}

function totalWidth(rows: readonly (readonly string[])[]): number {
  return widthsOf(rows).reduce((sum, width) => sum + width + space, -space)
}
