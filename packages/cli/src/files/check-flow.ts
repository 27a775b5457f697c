import type { Problem, SourceFile } from '@ez/request-file'
import type { FileValue } from './request-file.ts'

const notInFlows = ['method', 'url', 'query', 'headers', 'body', 'expect', 'capture', 'requests'] as const

/** What is wrong with a flow file beyond its schema: keys that do not go together. */
export function flowProblems(source: SourceFile): Problem[] {
  const value = source.value as FileValue
  const problems: Problem[] = notInFlows.flatMap((key) =>
    value[key] === undefined
      ? []
      : [
          source.problem(
            [],
            `"${key}" does not go with "steps". Put it into a step, or under "defaults".`,
            key,
          ),
        ],
  )
  if (value.defaults?.capture)
    problems.push(source.problem(['defaults'], '"capture" belongs to one step of a flow.', 'capture'))
  const ids = new Map<string, { readonly hasRecords: boolean }>()
  for (const [index, step] of (value.steps ?? []).entries()) {
    const add = (key: string, message: string): void => {
      problems.push(source.problem(['steps', index, key], message))
    }
    if (ids.has(step.id)) add('id', `another step has the id "${step.id}".`)
    for (const key of ['paginate', 'each'] as const)
      if (step.repeat && step[key] !== undefined) add('repeat', `"repeat" does not go with "${key}".`)
    if (step.repeat && step.repeat.atMost === undefined && step.repeat.times === undefined)
      add('repeat', '"repeat" needs "atMost" (a time) or "times" (a number of requests).')
    if (step.each !== undefined) {
      const named = ids.get(step.each)
      if (!named) add('each', `no earlier step has the id "${step.each}".`)
      else if (!named.hasRecords)
        add('each', `the step "${step.each}" has no records. Give it "records" or "paginate".`)
    }
    if ((step.paginate?.style === 'script') !== (step.paginate !== undefined && 'script' in step.paginate))
      add('paginate', '"script" is a file, with the style script and no other.')
    ids.set(step.id, { hasRecords: step.records !== undefined || step.paginate !== undefined })
  }
  return problems
}
