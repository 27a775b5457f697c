import { EzError } from '@ez/core'
import { outOfMemory } from './pool/errors.ts'
import type { Failure } from './pool/protocol.ts'
import type { ResolvedSource } from './source/substitute.ts'

/**
 * The error of an exception that a script did not catch: Python's message and its frames, with the lines of the
 * script's own text, in which tokens are still tokens.
 */
export function scriptFailed(
  id: string,
  failure: Failure,
  source: ResolvedSource,
  ownText: string,
  memoryMb: number,
): EzError {
  if (failure.memory) return subjected(id, outOfMemory(`the ${memoryMb} MB that it`))
  const lines = ownText.split('\n')
  const frames = failure.frames.map(([at, name]) => ({ line: source.ownLine(at), name }))
  const traceback = frames.map(({ line, name }) => {
    const text = lines[line - 1]?.trim().slice(0, 200) ?? ''
    return `  line ${line}${name === '' || name === '<module>' ? '' : `, in ${name}`}: ${text}`
  })
  const line = frames[frames.length - 1]?.line
  const said = failure.value
    ? failure.text
    : failure.text === ''
      ? failure.kind
      : `${failure.kind}: ${failure.text}`
  const code = failure.value ? 'EZ_SCRIPT_VALUE' : 'EZ_SCRIPT_FAILED'
  return new EzError(code, [`${id}: ${said}`, ...traceback].join('\n'), {
    details: { exception: failure.kind, ...(line === undefined ? {} : { line }), frames },
  })
}

/** An error of the interpreter, with the script as its subject. */
export function subjected(id: string, error: EzError): EzError {
  if (error.message.startsWith(`${id}: `)) return error
  return new EzError(error.code, `${id}: ${error.message}`, { cause: error.cause, details: error.details })
}
