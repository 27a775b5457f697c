import {
  type EzError,
  type PreparedRequest,
  type PreRequestScript,
  prepare,
  type RequestTemplate,
} from '@ez/core'
import { PythonPool, type PythonScriptOptions, pythonScript } from '../../src/index.ts'

/** The instant of the tests. */
export const instant: Date = new Date('2026-01-02T03:04:05.678Z')

/** Milliseconds that a run may take on a machine that has much else to do; tests of time limits set their own. */
export const patienceMs = 100_000

/** The interpreters of one test file. */
export const pool: PythonPool = new PythonPool({ spares: 1, interpreters: 2 })

/** A script of the tests, on the file's own interpreters. */
export function script(source: string, options: Omit<PythonScriptOptions, 'source'> = {}): PreRequestScript {
  return pythonScript({ source, pool, timeoutMs: patienceMs, ...options })
}

/** Prepares a GET with scripts; the template may say otherwise. */
export function prepareWith(
  preRequest: PreRequestScript[],
  template: Partial<RequestTemplate> = {},
  variables: Record<string, unknown> = {},
  nonce = 'test-nonce-0123456789',
): Promise<PreparedRequest> {
  return prepare(
    { method: 'GET', url: 'https://api.example.com/orders', ...template, preRequest },
    { variables, clock: () => instant, nonce: () => nonce, stepTimeoutMs: patienceMs },
  )
}

/** What a script left in the variable `result`, through a header. */
export async function resultOf(
  source: string,
  variables: Record<string, unknown> = {},
  options: Omit<PythonScriptOptions, 'source'> = {},
): Promise<string | undefined> {
  const prepared = await prepareWith(
    [script(source, options)],
    { headers: { result: '{%result%}' } },
    variables,
  )
  return prepared.headers.find(([name]) => name === 'result')?.[1]
}

/** The error that a script ends with. */
export async function errorOf(
  source: string,
  variables: Record<string, unknown> = {},
  options: Omit<PythonScriptOptions, 'source'> = {},
): Promise<EzError> {
  return prepareWith([script(source, options)], {}, variables).then(
    () => {
      throw new Error('the script was expected to fail')
    },
    (error: EzError) => error,
  )
}
