import { dirname } from 'node:path'
import { EzError } from '@ez/core'
import type { StepValue } from '@ez/request-file'
import { type LoadedRequest, layerOf } from '../files/request-file.ts'
import { readBytes } from '../files/source.ts'
import type { Grants } from '../grants.ts'
import { resolveValue } from '../providers/options.ts'
import { loadOptional } from '../providers/scripts.ts'
import type { ReadyRequest, Session } from '../session.ts'

interface Finding {
  readonly rule: string
  readonly severity: 'error' | 'warning'
  /** From 1. */
  readonly line?: number
  readonly message: string
}

type LintPythonScript = (options: Record<string, unknown>) => Promise<readonly Finding[]>

/** What is known to break in the Python scripts of a request; they are run in their sandbox, and nothing is sent. */
export async function lintPythonSteps(
  session: Session,
  request: LoadedRequest,
  { template, context }: ReadyRequest,
): Promise<EzError[]> {
  const { source, path } = layerOf(request, 'preRequest')
  const found: EzError[] = []
  for (const [index, step] of (request.value.preRequest ?? []).entries()) {
    if (!step.script?.endsWith('.py')) continue
    const file = session.grants.path(step.script, source.absolute)
    await readBytes(step.script, file)
    const lint = await linter(dirname(request.source.absolute), session.grants)
    if (!lint) return found
    const { preRequest: _, ...own } = template
    const place = { source, path: [...path, 'preRequest', index, 'parameters'] }
    const parameters = await resolveValue(step.parameters, context, request, place)
    const findings = await lint({
      file,
      ...optionsOf(step),
      ...(parameters !== undefined && { parameters }),
      request: own,
      context,
    })
    found.push(...findings.map((finding) => asError(step.script as string, finding)))
  }
  return found
}

function optionsOf({ exports, timeoutMs, memoryMb }: StepValue): Record<string, unknown> {
  return {
    ...(exports && { exports }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(memoryMb !== undefined && { memoryMb }),
  }
}

// A version without a linter still runs scripts.
async function linter(folder: string, grants: Grants): Promise<LintPythonScript | undefined> {
  try {
    const module = await loadOptional('@ez/python', './lint', folder, 'Linting a Python script', grants)
    return module.lintPythonScript as LintPythonScript | undefined
  } catch (error) {
    if (EzError.isInstance(error) && error.code === 'EZ_PROVIDER_MISSING') return undefined
    throw error
  }
}

function asError(script: string, { rule, severity, line, message }: Finding): EzError {
  const place = line === undefined ? script : `${script}:${line}`
  return new EzError('EZ_SCRIPT_LINT', `${place}: ${message}`, { details: { rule, severity } })
}
