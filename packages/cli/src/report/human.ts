import { colors } from '../output/colors.ts'
import { printable, printableLine } from '../output/printable.ts'
import { widthOf, wrapped } from '../output/wrap.ts'
import type { ToldOutcome } from '../send/outcome.ts'

/** One outcome as a line, and what was wrong under it. */
export function outcomeLines(outcome: ToldOutcome, stream: NodeJS.WriteStream): string {
  const { green, red, yellow, bold, dim } = colors(stream)
  const { verdict, status, method, url, milliseconds, name, row, label, problems } = outcome
  const mark = verdict === 'ok' ? green('✓') : red('✗')
  const shownStatus =
    status === undefined ? red('failed') : verdict === 'ok' ? green(String(status)) : yellow(String(status))
  const what = method && url ? `${bold(method)} ${url}` : printableLine(label)
  const who = row !== undefined ? ` row ${row}` : name === undefined ? '' : ` ${printableLine(name)}`
  const head = `${mark} ${shownStatus} ${what} ${dim(`${Math.round(milliseconds)} ms`)}${dim(who)}`
  const code = outcome.code ? dim(` [${outcome.code}]`) : ''
  const { redirect } = outcome
  const led = redirect
    ? [dim(redirect.followed ? `  led to ${redirect.to}` : `  leads to ${redirect.to} (--follow goes there)`)]
    : []
  const tests = (outcome.tests ?? []).map(
    ({ name: test, passed }) => `  ${passed ? green('✓') : red('✗')} ${printableLine(test)}`,
  )
  const lines = problems.map(
    (problem, index) =>
      `  ${printable(problem).replaceAll('\n', '\n  ')}${index === problems.length - 1 ? code : ''}`,
  )
  return wrapped([head, ...led, ...tests, ...lines].join('\n'), widthOf(stream))
}
