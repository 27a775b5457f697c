import { EzError } from '@ez/core'
import { type Path, type Problem, problemData, type SourceFile, showProblem } from '@ez/request-file'
import { type LoadedRequest, layerOf } from './request-file.ts'

/** Where a value stands: for messages. */
export interface Place {
  readonly source: SourceFile
  readonly path: Path
}

/** How places of a message are places of the file: those under `from` stand at `place`. */
export interface Relocation {
  readonly from: string
  readonly place: Place
}

interface Missing {
  readonly name: string
  readonly place: string
  readonly nearest?: string
}

/** An error of core with the line of the file that it is about, when that is known. */
export function locatedError(error: unknown, request: LoadedRequest, relocation?: Relocation): unknown {
  if (!EzError.isInstance(error) || error.details.problems !== undefined) return error
  const problems = problemsOf(error, request, relocation)
  return problems.length === 0 ? error : withProblems(error, problems)
}

/** Runs what may fail because of a value of a file; such an error says the value's line. */
export async function atPlace<Value>(
  { source, path }: Place,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (!EzError.isInstance(error) || error.details.problems !== undefined) throw error
    throw withProblems(error, [source.problem(path, error.message)])
  }
}

/** One error for several that only miss variables; `undefined` when one of them is another error. */
export function joinedMissing(errors: readonly unknown[]): EzError | undefined {
  const missing = errors.filter(isMissing)
  const [first] = missing
  if (!first || missing.length < errors.length) return undefined
  return new EzError(first.code, missing.map(({ message }) => message).join('\n'), {
    trace: first.trace,
    details: {
      missing: missing.flatMap(({ details }) => details.missing as Missing[]),
      problems: missing.flatMap(({ details }) => details.problems as Problem[]),
    },
  })
}

/** Whether an error says that variables are missing. */
export function isMissing(error: unknown): error is EzError {
  return (
    EzError.isInstance(error) && error.code === 'EZ_VARIABLE_MISSING' && Array.isArray(error.details.missing)
  )
}

function withProblems(error: EzError, problems: readonly Problem[]): EzError {
  return new EzError(error.code, problems.map(showProblem).join('\n'), {
    cause: error.cause ?? error,
    trace: error.trace,
    details: { ...error.details, problems: problemData(problems) },
  })
}

function problemsOf(error: EzError, request: LoadedRequest, relocation: Relocation | undefined): Problem[] {
  const missing = error.details.missing as Missing[] | undefined
  if (Array.isArray(missing))
    return missing.map((entry) => {
      const { source, path } = placeOf(entry.place, request, relocation)
      return source.tokenProblem(path, missingMessage(entry, error.code), entry.name)
    })
  const named = /^(method|url|allowedHosts|(?:headers|query|body|time)[^\s:]*):/.exec(error.message)?.[1]
  const place = named ?? (error.code === 'EZ_TIME_INVALID' && request.value.time ? 'time' : undefined)
  if (place === undefined) return []
  const { source, path } = placeOf(place, request, relocation)
  return [source.problem(path, error.message)]
}

function missingMessage({ name, nearest }: Missing, code: string): string {
  if (code !== 'EZ_VARIABLE_MISSING') return `{%${name}%} has no value: no script published it.`
  const hint = nearest
    ? `Did you mean {{${nearest}}}?`
    : `Set it: --var ${name}=…, or EZ_VAR_${name}, or give a default.`
  return `{{${name}}} has no value. ${hint}`
}

// Core adds the token to some places, after a space: `url {{host}}`.
function placeOf(text: string, request: LoadedRequest, relocation: Relocation | undefined): Place {
  const [place] = text.split(' ', 1) as [string]
  if (relocation && place.startsWith(relocation.from)) {
    const { source, path } = relocation.place
    return { source, path: [...path, ...parsePlace(place.slice(relocation.from.length))] }
  }
  const parts = parsePlace(place)
  for (const { source, path } of request.layers) {
    const found = source.pathIgnoringCase([...path, ...parts])
    if (found) return { source, path: found }
  }
  const { source, path } = layerOf(request, String(parts[0] ?? ''))
  return { source, path: [...path, ...parts] }
}

function parsePlace(place: string): (string | number)[] {
  const parts: (string | number)[] = []
  for (const match of place.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g))
    parts.push(match[1] === undefined ? (match[2] ?? (match[3] as string)) : Number(match[1]))
  return parts
}
