import { EzError } from '@ez/core'

/** Something wrong at a place of a file. */
export interface Problem {
  /** As the user named it. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** What is wrong and what to do, in a sentence. */
  readonly message: string
  /** The line of the file, or of a long one the part around the column. */
  readonly excerpt: string
  /** Characters of the excerpt before the column. */
  readonly before: number
  /** Characters that are underlined. */
  readonly length: number
}

/** A problem as compilers write it: `file:line:column: message`, the line, and a mark under it. */
export function showProblem(problem: Problem): string {
  const { line, excerpt, before, length } = problem
  const margin = String(line).length
  const indent = excerpt.slice(0, before).replace(/[^\t]/g, ' ')
  const underline = '^'.repeat(Math.max(1, Math.min(length, excerpt.length - before)))
  return [
    problemLine(problem),
    `  ${line} | ${excerpt}`,
    `  ${' '.repeat(margin)} | ${indent}${underline}`,
  ].join('\n')
}

/** Where a problem is, and what it is. */
export const problemLine = ({ file, line, column, message }: Problem): string =>
  `${file}:${line}:${column}: ${message}`

/** Problems as programs read them. */
export const problemData = (
  problems: readonly Problem[],
): Pick<Problem, 'file' | 'line' | 'column' | 'message'>[] =>
  problems.map(({ file, line, column, message }) => ({ file, line, column, message }))

/** The error for problems of a file; `details.problems` holds them for programs. */
export function problemError(
  problems: readonly Problem[],
  code = 'EZ_FILE_INVALID',
  cause?: unknown,
): EzError {
  return new EzError(code, problems.map(showProblem).join('\n'), {
    details: { problems: problemData(problems) },
    ...(cause === undefined ? {} : { cause }),
  })
}
