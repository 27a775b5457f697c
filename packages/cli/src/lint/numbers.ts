import { EzError } from '@ez/core'
import { problemData, type SourceFile, showProblem } from '@ez/request-file'

/** Warnings for numbers that a request would send in another way than its files write them, such as 01234. */
export function changedNumbers(sources: readonly SourceFile[]): EzError[] {
  return sources
    .flatMap((source) => source.changedNumbers())
    .map(
      (problem) =>
        new EzError('EZ_NUMBER_CHANGED', showProblem(problem), {
          details: { problems: problemData([problem]), severity: 'warning' },
        }),
    )
}
