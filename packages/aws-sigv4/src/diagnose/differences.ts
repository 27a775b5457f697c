import type { Difference } from '@ez/core'

/** Line by line, where two texts of a stage differ; header lines of canonical requests are paired by name. */
export function differencesOf(stage: string, expected: string, signed: string): Difference[] {
  const left = linesOf(stage, expected)
  const right = linesOf(stage, signed)
  const differences: Difference[] = []
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [there, here] = [left.get(name), right.get(name)]
    if (there?.text === here?.text) continue
    differences.push({
      stage,
      line: (there ?? here)?.line ?? 0,
      expected: there?.text ?? '',
      signed: here?.text ?? '',
    })
  }
  return differences.sort((one, other) => one.line - other.line)
}

interface Line {
  readonly line: number
  readonly text: string
}

/** Lines by what they are: `path`, `query`, `header:host`, … */
function linesOf(stage: string, text: string): Map<string, Line> {
  const lines = text.split('\n')
  const named = new Map<string, Line>()
  lines.forEach((content, index) => {
    named.set(nameOf(stage, content, index, lines.length), { line: index + 1, text: content })
  })
  return named
}

function nameOf(stage: string, content: string, index: number, count: number): string {
  if (stage !== 'canonical-request') return `line ${index}`
  if (index < 3) return ['method', 'path', 'query'][index] as string
  if (index >= count - 3) return ['blank', 'names', 'payload'][index - count + 3] as string
  return `header:${content.slice(0, content.indexOf(':'))}`
}
