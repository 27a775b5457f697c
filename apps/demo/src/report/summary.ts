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

function table(results: readonly RequestResult[], screen: Screen): string[] {
  const heads = ['request', 'right', ...Object.values(defectNames)]
  const build = (withCodes: boolean): string[][] =>
    results.map(({ request, cases }) => [
      screen.paint('bold', request.name),
      ...cases.map((result) => cell(result, withCodes, screen)),
    ])
  // The vendors' codes are long; where they do not fit, the status alone tells.
  const wide = build(true)
  const rows = totalWidth([heads, ...wide]) <= screen.columns ? wide : build(false)
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

function cell(result: CaseResult, withCode: boolean, { paint }: Screen): string {
  const isGood = result.problems.length === 0
  const text = [result.answer?.status ?? 'not sent', withCode ? result.code : undefined]
    .filter((part) => part !== undefined)
    .join(' ')
  return isGood ? `${paint('green', '✓')} ${text}` : paint('red', `✗ ${text}`)
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const [first = []] = rows
  return first.map((_, index) => Math.max(...rows.map((row) => widthOf(row[index] ?? ''))))
}

function totalWidth(rows: readonly (readonly string[])[]): number {
  return widthsOf(rows).reduce((sum, width) => sum + width + space, -space)
}
