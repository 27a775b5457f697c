import type { Difference } from '@ez/core'
import { lineNames, tableLineNames } from '../string-to-sign.ts'

/** The lines in which the server's string to sign is another than ours. */
export function differencesOf(expected: string, signed: string): Difference[] {
  const [theirs, ours] = [expected.split(/\r?\n/), signed.split('\n')]
  const differences: Difference[] = []
  for (let index = 0; index < Math.max(theirs.length, ours.length); index += 1) {
    const pair = { expected: theirs[index] ?? '', signed: ours[index] ?? '' }
    if (pair.expected !== pair.signed) differences.push({ stage: 'string-to-sign', line: index + 1, ...pair })
  }
  return differences
}

/** A line for each difference, with what the line holds. */
export function tellDifferences(differences: readonly Difference[], signed: string): string {
  const isSharedKey = /^[A-Z]+\n/.test(signed)
  const isTable = isSharedKey && signed.split('\n').length === tableLineNames.length
  const names = isTable ? tableLineNames : isSharedKey ? lineNames : []
  return differences
    .map(({ line, expected, signed: ours }) => {
      const name = names[line - 1] ?? `line ${line}`
      return `  ${name}: the server expected "${expected}", we signed "${ours}"`
    })
    .join('\n')
}
