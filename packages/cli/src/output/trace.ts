import type { TraceStep } from '@ez/core'
import { colors } from './colors.ts'

// What each line of these stages is, by their specifications: SigV4 §canonical request and §string to sign.
const sigV4String: readonly string[] = [
  'algorithm',
  'instant',
  'credential scope',
  'hash of the canonical request',
]

/** A trace as people read it: each stage under a title, lines of known stages named. */
export function showTrace(trace: readonly TraceStep[]): string {
  const { bold, cyan, dim } = colors(process.stdout)
  const blocks = trace.map(({ step, id, value }) => {
    const names = namesOf(id, value)
    const width = Math.max(0, ...names.map((name) => name.length))
    const lines = value.split('\n').map((line, index) => {
      const name = names[index]
      return name === undefined
        ? `  ${line}`
        : `  ${dim(name.padEnd(width))}  ${line === '' ? dim('(empty)') : line}`
    })
    return [`${bold(cyan(step))} ${bold(id)}`, ...lines].join('\n')
  })
  const masked = trace.some(({ value }) => value.includes('***'))
  return [...blocks, ...(masked ? [dim('*** stands for a value that is secret.')] : [])].join('\n\n')
}

/** What each line of a stage is, where that is known; else an empty list. */
export function namesOf(id: string, value: string): readonly string[] {
  const lines = value.split('\n')
  if (id === 'string-to-sign' && lines[0]?.startsWith('AWS4-')) return sigV4String
  if (id === 'canonical-request' && lines.length >= 6) return canonicalNames(lines)
  return []
}

// Method, path, query, headers, an empty line, names of the signed headers, hash of the body.
function canonicalNames(lines: readonly string[]): string[] {
  return lines.map((line, index) => {
    if (index < 3) return ['method', 'path', 'query'][index] as string
    if (index === lines.length - 1) return 'body hash'
    if (index === lines.length - 2) return 'signed headers'
    return line === '' ? 'end of headers' : 'header'
  })
}
