import { EzError } from '@ez/core'
import type { SourceFile } from '@ez/request-file'
import { isVariablesFile } from '../files/load.ts'
import { lintFlow } from '../lint/flow.ts'
import { changedNumbers } from '../lint/numbers.ts'
import { lintRequest } from '../lint/request.ts'
import { errorData, errorText } from '../output/errors.ts'
import { printableJson } from '../output/printable.ts'
import { widthOf, wrapped } from '../output/wrap.ts'
import { type CommonFlags, Session } from '../session.ts'

/** `ez lint`: what is wrong with request files before anything is sent. Exit code 2 when anything is. */
export async function lint(files: readonly string[], flags: CommonFlags): Promise<void> {
  const session = await Session.open(flags)
  const found: unknown[] = []
  const sources = new Map<string, SourceFile>()
  let checked = 0
  for (const file of files) {
    // A pattern such as *.yaml names them too. Their variables are checked with the requests that use them.
    if (isVariablesFile(file)) {
      if (files.length === 1) found.push(variablesFile(file))
      continue
    }
    try {
      const requests = await session.load(file)
      checked += requests.length
      for (const { layers } of requests) for (const { source } of layers) sources.set(source.absolute, source)
      if (requests[0]?.step && !isOneStep(file)) found.push(...(await lintFlow(session, requests)))
      else for (const request of requests) found.push(...(await lintRequest(session, request)))
    } catch (error) {
      found.push(error)
    }
  }
  for (const source of session.variableSources) sources.set(source.absolute, source)
  found.push(...changedNumbers([...sources.values()]))
  if (flags.json)
    process.stdout.write(`${printableJson({ requests: checked, problems: found.map(errorData) }, 2)}\n`)
  else if (found.length === 0)
    process.stdout.write(`${checked} ${checked === 1 ? 'request' : 'requests'}, nothing wrong\n`)
  else process.stdout.write(`${wrapped(found.map(errorText).join('\n'), widthOf(process.stdout))}\n`)
  if (found.some((problem) => !isWarning(problem))) process.exitCode = 2
}

// A step on its own is a request: what the others capture is not known.
const isOneStep = (file: string): boolean => /\.(?:ya?ml|json)#/i.test(file)

const isWarning = (problem: unknown): boolean =>
  EzError.isInstance(problem) && problem.details.severity === 'warning'

const variablesFile = (file: string): EzError =>
  new EzError(
    'EZ_USAGE',
    `${file}: this is a file of variables, and holds no request. Name a request file; what it takes from here is checked with it.`,
  )
