import { printable } from '../output/printable.ts'
import type { ToldOutcome } from '../send/outcome.ts'

/** Outcomes as JUnit XML, as CI systems read it. */
export function junitReport(outcomes: readonly ToldOutcome[]): string {
  const count = (verdict: ToldOutcome['verdict']): number =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)
  const total = outcomes.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const counts = `tests="${outcomes.length}" failures="${count('refused')}" errors="${count('failed')}" time="${seconds(total)}"`
  const cases = outcomes.map(({ label, name, row, verdict, milliseconds, problems, code, status }) => {
    const title = `${name ?? label}${row === undefined ? '' : ` row ${row}`}`
    const open = `    <testcase classname="${escaped(label)}" name="${escaped(title)}" time="${seconds(milliseconds)}"`
    if (verdict === 'ok') return `${open}/>`
    const element = verdict === 'refused' ? 'failure' : 'error'
    const [first = ''] = problems
    return `${open}>\n      <${element} message="${escaped(first.split('\n', 1)[0] as string)}" type="${escaped(code ?? String(status))}">${escaped(problems.join('\n'))}</${element}>\n    </testcase>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="ez" ${counts}>\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
}

// XML 1.0 has no place for control characters, so they are shown as elsewhere.
const escaped = (text: string): string =>
  printable(text).replace(/[&<>"'\n]/g, (character) => entities[character] as string)
