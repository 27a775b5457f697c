import type { StepDiagnosis } from '@ez/core'
import { colors } from '../output/colors.ts'
import { printable, printableLine } from '../output/printable.ts'

/** A diagnosis as people read it: cause, message, and line by line what differs. */
export function showDiagnosis({ step, diagnosis }: StepDiagnosis): string {
  const { bold, red, green, dim } = colors(process.stdout)
  const lines = [
    `${bold(printableLine(step.id))}: ${red(printableLine(diagnosis.cause))}`,
    printable(diagnosis.message),
  ]
  if (diagnosis.clockOffsetMs !== undefined)
    lines.push(`Our clock differs from the server's by ${diagnosis.clockOffsetMs} ms.`)
  if (diagnosis.retryAfterMs !== undefined)
    lines.push(`The server asks to wait ${diagnosis.retryAfterMs} ms.`)
  const differences = diagnosis.differences ?? []
  for (const { stage, line, expected, signed } of differences)
    lines.push(
      '',
      `${bold(printableLine(stage))}, line ${line}`,
      `  ${dim('server expected')}  ${green(visible(expected))}`,
      `  ${dim('we signed')}        ${red(visible(signed))}`,
    )
  return lines.join('\n')
}

const visible = (text: string): string => (text === '' ? '(empty line)' : printable(text))
