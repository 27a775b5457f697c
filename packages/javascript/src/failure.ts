import { EzError } from '@ez/core'
import type { LoadedScript } from './loaded-script.ts'
import type { Failure } from './protocol.ts'
import type { Secrets } from './secrets.ts'

/** The error of a run that ended without success; the script's own message is masked. */
export function scriptFailed(
  { file, timeoutMs, memoryMb }: Pick<LoadedScript, 'file' | 'timeoutMs' | 'memoryMb'>,
  failure: Failure,
  secrets: Secrets,
): EzError {
  if (failure.kind === 'timeout')
    return scriptError(
      'EZ_SCRIPT_TIMEOUT',
      file,
      `it ran for more than ${timeoutMs} ms and was stopped. Make it end sooner, or raise timeoutMs.`,
    )
  if (failure.kind === 'memory')
    return scriptError(
      'EZ_SCRIPT_MEMORY',
      file,
      `it used more than ${memoryMb} MiB and was stopped. Make it use less, or raise memoryMb.`,
    )
  if (failure.kind === 'output')
    return scriptError(
      'EZ_SCRIPT_OUTPUT',
      file,
      'it wrote or published more than a request can hold (10,000 edits, 8 MiB). Write less.',
    )
  if (failure.kind === 'broken')
    return scriptError(
      'EZ_SANDBOX_BROKEN',
      file,
      `the engine of the sandbox broke, which is no fault of the script (${secrets.mask(failure.message)}). Try again, and report it.`,
    )
  const place = failure.line === undefined ? '' : ` line ${failure.line}:`
  if (failure.kind === 'value')
    return scriptError(
      'EZ_SCRIPT_VALUE',
      file,
      `${place} ${secrets.mask(failure.message)}`.trim(),
      failure.line,
    )
  return scriptError(
    'EZ_SCRIPT_FAILED',
    file,
    `${place} ${secrets.mask(failure.message)}. Correct the script.`.trim(),
    failure.line,
  )
}

/** An error with the script as its subject. */
export function scriptError(code: string, file: string, problem: string, line?: number): EzError {
  return new EzError(code, `javascript ${file}: ${problem}`, {
    details: line === undefined ? { file } : { file, line },
  })
}
