import type { CaseResult, Defect, RequestResult } from '../model.ts'
import { diagnosisLines } from './diagnosis.ts'
import { fit, type Screen, widthOf, wrapProse } from './screen.ts'
import { type Line, section } from './section.ts'
import { answerLines, showStages } from './stages.ts'

/** What each defect is called. */
export const defectNames: Readonly<Record<Defect, string>> = {
  'wrong-key': 'wrong key',
  tampered: 'tampered',
  'stale-clock': 'stale clock',
}

// Rows that are shown of each while many requests are.
const answerRows = 12
const diagnosisRows = 10

/** The opening lines of the report. */
export function showHead(count: number, screen: Screen): string[] {
  const what = count === 1 ? 'One documented request' : `${count} documented requests`
  return wrapProse(
    `${screen.paint('bold', 'ez demo')}  ${what}, signed and sent; then again with a wrong key, tampered, and by a stale clock. The endpoints verify each signature from the raw request.`,
    screen.columns,
  )
}

/** Everything about one request: its stages, its answer, and how its altered forms were refused. */
export function showRequestResult(
  { request, cases }: RequestResult,
  place: { index: number; count: number; inFull: boolean },
  screen: Screen,
): string[] {
  const { paint } = screen
  const lines = ['', heading(`${place.index + 1}/${place.count}`, request, screen), '']
  if (request.note !== undefined)
    lines.push(
      ...section(paint('dim', 'note'), [{ text: paint('dim', request.note), isProse: true }], screen),
      '',
    )
  for (const result of cases) {
    if (result.defect === null && result.prepared) lines.push(...showStages(result.prepared.trace, screen))
    lines.push(...showCase(result, place.inFull, screen), '')
  }
  return lines.slice(0, -1)
}

function heading(
  count: string,
  { name, title, vendor }: RequestResult['request'],
  { columns, paint }: Screen,
): string {
  const left = `── ${paint('dim', count)} ${paint(['bold', 'cyan'], name)}  ${title} `
  const right = ` ${paint('magenta', vendor)} ──`
  const free = Math.min(columns, 100) - widthOf(left) - widthOf(right)
  if (free < 2) return fit(left.trimEnd(), columns)
  return left + '─'.repeat(free) + right
}

function showCase(result: CaseResult, inFull: boolean, screen: Screen): string[] {
  const { paint } = screen
  const isGood = result.problems.length === 0
  const name = result.defect === null ? 'accepted' : defectNames[result.defect]
  const label = `${isGood ? paint('green', '✓') : paint('red', '✗')} ${paint('bold', name)}`
  const change = result.tampered === undefined ? [] : [{ text: paint('dim', result.tampered), isProse: true }]
  const answer = result.answer ? answerLines(result.answer, result.code, inFull, screen) : []
  const failure: Line[] =
    result.refusedBeforehand === undefined
      ? []
      : [
          { text: `${paint(['bold', 'red'], 'not sent')}  ${paint('yellow', result.code ?? '')}` },
          { text: result.refusedBeforehand, isProse: true },
        ]
  const same =
    result.sameAs === undefined
      ? []
      : [
          {
            text: paint('dim', `the same authorization as ${result.sameAs}, at one clock and nonce`),
            isProse: true,
          },
        ]
  const diagnosis = result.diagnosis ? diagnosisLines(result.diagnosis, screen) : []
  const problems = result.problems.map((text) => ({ text: paint(['bold', 'red'], text), isProse: true }))
  return [
    ...section(label, [...change, ...failure, ...answer, ...same], screen, inFull ? undefined : answerRows),
    ...section(paint('yellow', 'diagnosis'), diagnosis, screen, inFull ? undefined : diagnosisRows),
    ...section(paint('red', 'problem'), problems, screen),
  ]
}
