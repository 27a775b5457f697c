import type { TraceStep } from '@ez/core'
import { stageLines } from '@ez/request-file/signed'
import { colors } from './colors.ts'
import { printable, printableLine } from './printable.ts'

/** A trace as people read it: each stage under a title, lines of known stages named. */
export function showTrace(trace: readonly TraceStep[]): string {
  const { bold, cyan, dim } = colors(process.stdout)
  const blocks = trace.map(({ step, id, value }) => {
    const lines = stageLines(id, printable(value))
    const width = Math.max(0, ...lines.map(({ name = '' }) => name.length))
    const shown = lines.map(({ name, text }) =>
      name === undefined
        ? `  ${text}`
        : `  ${dim(name.padEnd(width))}  ${text === '' ? dim('(empty)') : text}`,
    )
    return [`${bold(cyan(printableLine(step)))} ${bold(printableLine(id))}`, ...shown].join('\n')
  })
  const masked = trace.some(({ value }) => value.includes('***'))
  return [...blocks, ...(masked ? [dim('*** stands for a value that is secret.')] : [])].join('\n\n')
}
