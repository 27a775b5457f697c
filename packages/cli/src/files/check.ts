import type { Problem, StepValue } from '@ez/request-file'
import { type LoadedRequest, layerOf } from './request-file.ts'

const forScripts = ['parameters', 'exports', 'allow', 'timeoutMs', 'memoryMb'] as const

/** What is wrong with a request beyond the schema of its files. */
export function checkRequest(request: LoadedRequest, several: boolean): Problem[] {
  const { value, source, layers } = request
  const path = layers[0]?.path ?? []
  const problems: Problem[] = []
  for (const key of ['method', 'url'] as const)
    if (value[key] === undefined) problems.push(source.problem(path, `the request needs the key "${key}".`))
  if (several && value.name === undefined)
    problems.push(source.problem(path, 'each of several requests needs the key "name".'))
  const steps = layerOf(request, 'preRequest')
  value.preRequest?.forEach((step, index) => {
    const message = stepProblem(step)
    if (message !== undefined)
      problems.push(steps.source.problem([...steps.path, 'preRequest', index], message))
  })
  const late = value.preRequest?.findIndex(
    (step, index, all) =>
      step.dialect === 'postman' && all.slice(0, index).some(({ dialect }) => dialect !== 'postman'),
  )
  if (late !== undefined && late >= 0)
    problems.push(
      steps.source.problem(
        [...steps.path, 'preRequest', late],
        'a script of Postman runs before anything is resolved. Put it before all other pre-request steps.',
      ),
    )
  const body = layerOf(request, 'body')
  value.body?.multipart?.forEach((part, index) => {
    if ((part.value === undefined) === (part.file === undefined))
      problems.push(
        body.source.problem(
          [...body.path, 'body', 'multipart', index],
          'a part needs either "value" or "file".',
        ),
      )
  })
  return problems
}

function stepProblem(step: StepValue): string | undefined {
  if (step.blocked !== undefined)
    return Object.keys(step).length === 1
      ? undefined
      : '"blocked" stands alone. Remove it when a provider or a script does its work.'
  if ((step.use === undefined) === (step.script === undefined))
    return 'a pre-request step needs either "use" (a provider) or "script" (a file of your own).'
  if (step.script !== undefined && step.with !== undefined)
    return '"with" is for providers. Give a script its values under "parameters".'
  if (step.dialect !== undefined) {
    if (step.script === undefined || !/\.m?js$/.test(step.script))
      return '"dialect" is for JavaScript files: script: ./name.js.'
    if (step.parameters !== undefined || step.exports !== undefined)
      return 'a script of Postman reads and sets variables; "parameters" and "exports" are for other scripts.'
  }
  if (step.use !== undefined)
    for (const key of forScripts)
      if (step[key] !== undefined) return `"${key}" is for scripts. Give a provider its options under "with".`
  if (step.script !== undefined && !/\.(?:py|m?js)$/.test(step.script))
    return 'a script is a .py, .js or .mjs file.'
  return undefined
}
