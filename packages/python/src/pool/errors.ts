import { EzError } from '@ez/core'

/** Bytes that a script may write. */
export const mostOutput: number = 16 * 1024 * 1024

/** The error of a script that wanted more memory than it may have. */
export function outOfMemory(limit: string): EzError {
  return new EzError(
    'EZ_SCRIPT_MEMORY',
    `it needs more memory than ${limit} may have. Use less, or raise memoryMb.`,
  )
}

/** The error of a script that wrote more than may leave the sandbox. */
export function tooMuchOutput(bytes?: number): EzError {
  return new EzError(
    'EZ_SCRIPT_OUTPUT',
    `it wrote ${bytes === undefined ? 'too much' : `${bytes} bytes`}; ${mostOutput} are the most.`,
  )
}

/** The error of a script that ran longer than it may. */
export function tookTooLong(timeoutMs: number): EzError {
  return new EzError(
    'EZ_SCRIPT_TIMEOUT',
    `it ran longer than ${timeoutMs} ms and was stopped. Look for an endless loop, or raise timeoutMs.`,
  )
}

/** The error of a script that went over a limit. */
export function excessError(
  limit: 'output' | 'memory' | 'time',
  timeoutMs: number,
  memoryMb: number,
): EzError {
  if (limit === 'output') return tooMuchOutput()
  return limit === 'time' ? tookTooLong(timeoutMs) : outOfMemory(`the ${memoryMb} MB that it`)
}

/** The error of an interpreter that broke: a stack that overflowed in C, or memory that could not grow. */
export function fatalError(text: string, memoryMb: number): EzError {
  return /memory limit|out of memory/i.test(text)
    ? outOfMemory(`the ${memoryMb} MB that it`)
    : new EzError(
        'EZ_SCRIPT_FAILED',
        `it broke the interpreter (${text.split('\n', 1)[0]?.slice(0, 200)}). The next run gets another one.`,
      )
}
