import type { EzError, PrepareContext, PreRequestScript, RequestTemplate } from '@ez/core'
import { prepare } from '@ez/core'
import { applyEdits, requestState, resolvedState } from './edits.ts'
import { deliver, parseExports } from './exports.ts'
import { scriptFailed } from './failure.ts'
import { defaultMemoryMb, defaultTimeoutMs, idOf, jobOf, poolKey, poolOf, sourceOf } from './job.ts'
import { checkAws } from './lint/aws.ts'
import { checkCosmos } from './lint/cosmos.ts'
import { givenTexts, type RunFacts, type SyntaxFacts, syntaxSource, textsOf } from './lint/facts.ts'
import type { LintFinding } from './lint/finding.ts'
import { guess } from './lint/guess.ts'
import { checkFormats, checkHabits } from './lint/habits.ts'
import { checkOAuth1 } from './lint/oauth1.ts'
import { installedSigners, type LintSigners } from './lint/signers.ts'
import { clockReads, watchSource } from './lint/watch.ts'
import type { PythonScriptOptions } from './options.ts'
import type { RunOptions } from './pool/interpreter.ts'
import type { PythonPool } from './pool/pool.ts'
import type { Job } from './pool/protocol.ts'
import { type ParsedSource, parseSource, type ResolvedSource, substitute } from './source/substitute.ts'
import { keyOf, tokenValues } from './values.ts'

export type { LintFinding } from './lint/finding.ts'
export type { LintSigners } from './lint/signers.ts'

/** Options of {@link lintPythonScript}. */
export interface LintPythonOptions
  extends Pick<
    PythonScriptOptions,
    'source' | 'file' | 'name' | 'exports' | 'parameters' | 'timeoutMs' | 'memoryMb' | 'pool'
  > {
  /** The request that the script is for; without one the script is compared with what it says itself. */
  readonly request?: RequestTemplate
  /** Variables, clock and all else that `prepare` takes; names that are missing get likely values. */
  readonly context?: PrepareContext
  /** The signers to compare with (default: those of `@ez` that are installed). */
  readonly signers?: LintSigners
}

/**
 * Finds what is known to break in a Python signing script: runs it in the sandbox, reads its canonical request or
 * base string, and compares its signature with that of the matching `@ez` signer. Nothing is sent.
 *
 * @throws EZ_OPTION_INVALID, EZ_SCRIPT_UNREADABLE; a script that fails is a finding
 *
 * @example
 * ```ts
 * import { lintPythonScript } from '@ez/python/lint'
 *
 * for (const { rule, line, message } of await lintPythonScript({ source: "method = 'GET'" }))
 *   console.log(`${rule}, line ${line}: ${message}`)
 * ```
 */
export async function lintPythonScript(options: LintPythonOptions): Promise<readonly LintFinding[]> {
  const id = idOf(options)
  const parsed = parseSource(sourceOf(id, options))
  const found = await observed(id, parsed, options)
  if (Array.isArray(found)) return found
  const signers = options.signers ?? (await installedSigners())
  const compared =
    (await checkAws(found, signers)) ??
    (await checkOAuth1(found, signers)) ??
    (await checkCosmos(found, signers))
  const findings = [...(compared ?? []), ...checkHabits(found, compared !== undefined)]
  return findings.sort((left, right) => (left.line ?? 0) - (right.line ?? 0))
}

const anyRequest: RequestTemplate = { method: 'POST', url: 'https://service.example.com/' }

/** Runs the script as a step of its request, and keeps what its variables held. */
async function observed(
  id: string,
  parsed: ParsedSource,
  options: LintPythonOptions,
): Promise<RunFacts | LintFinding[]> {
  const exports = parseExports(id, options.exports ?? {})
  let facts: Omit<RunFacts, 'sent'> | undefined
  let formats: LintFinding[] = []
  const probe: PreRequestScript = {
    specVersion: 1,
    id,
    async run(request, context) {
      const pool = poolOf(options)
      const values = await tokenValues(id, parsed, options.parameters ?? {}, context, ({ inner }) =>
        guess(inner),
      )
      const source = substitute(parsed, id, (token) => values.get(keyOf(token)))
      const job = jobOf(
        id,
        parsed,
        source,
        options,
        context,
        parsed.lexed.names.has('request') ? requestState(request, context) : null,
      )
      const syntax = await syntaxOf(id, source, parsed, pool, job, options)
      formats = checkFormats(syntax)
      const names = Object.keys(syntax.assigned)
      // An interpreter of its own: one that is watched serves no real run.
      const key = `lint ${poolKey(parsed, limits(options).memoryMb)}`
      const waited = [...exports.map(({ variable }) => variable), ...context.wanted]
      await pool.run(key, helperJob(job, watchSource, { filename: id, waited }), alone(options), false)
      const { result } = await pool.run(
        key,
        {
          ...job,
          script: {
            ...job.script,
            wanted: [...names, clockReads],
            exports: exports.map(({ variable }) => variable),
          },
        },
        {
          ...limits(options),
          signal: context.signal,
          ask: (edits) => {
            applyEdits(id, edits, request)
            return JSON.stringify(resolvedState(id, request.resolved(), context))
          },
        },
        false,
      )
      if (result.error) throw scriptFailed(id, result.error, source, parsed.text, limits(options).memoryMb)
      const given = givenTexts([...values.values(), ...Object.values(options.parameters ?? {})])
      const texts = new Map([...textsOf(result.values ?? {}), ...given])
      const reads = Number(result.values?.[clockReads]?.[1])
      facts = { ...syntax, texts, reads, now: context.now().getTime() }
      applyEdits(id, result.edits ?? [], request)
      if (options.request) deliver(id, result, exports, request, context)
    },
  }
  const template = options.request ?? anyRequest
  try {
    const { method, url, headers, body } = await prepare(
      { ...template, preRequest: [probe] },
      options.context ?? {},
    )
    if (!facts) throw new Error('the script did not run')
    // A script may write the header itself and keep it in no variable.
    const written = headers.find(([name]) => name === 'authorization')?.[1]
    if (written !== undefined) facts = { ...facts, texts: new Map([...facts.texts, ['', written]]) }
    const known = body === null || body instanceof Uint8Array
    const sent =
      options.request && known ? { method, url, headers, body: body ?? new Uint8Array() } : undefined
    return { ...facts, sent }
  } catch (error) {
    // What other steps publish is missing here, and that is no fault of this one.
    if (facts && (error as EzError).code === 'EZ_OUTPUT_MISSING') return { ...facts, sent: undefined }
    const failed = failure(error as EzError)
    // It may have failed for what is found already.
    return formats.some(({ message }) => failed.message.includes(message)) ? formats : [...formats, failed]
  }
}

function failure({ message, details }: EzError): LintFinding {
  const line = details?.line
  return { rule: 'script-fails', severity: 'error', ...(typeof line === 'number' ? { line } : {}), message }
}

/** What the syntax tree tells, with lines of the script's own text. */
async function syntaxOf(
  id: string,
  source: ResolvedSource,
  parsed: ParsedSource,
  pool: PythonPool,
  job: Job,
  options: LintPythonOptions,
): Promise<SyntaxFacts> {
  const { result } = await pool.run(
    'the syntax tree',
    helperJob(job, syntaxSource, { source: source.text }),
    alone(options),
    false,
  )
  if (result.error) {
    // The line of a syntax error is the script's.
    const line = /line (\d+)/.exec(result.error.text)?.[1]
    const frames: [number, string][] = line === undefined ? [] : [[Number(line), '']]
    throw scriptFailed(id, { ...result.error, frames }, source, parsed.text, limits(options).memoryMb)
  }
  const facts = JSON.parse(result.values?.result?.[1] ?? '{}') as SyntaxFacts
  const own = (line: number): number => source.ownLine(line)
  return {
    assigned: Object.fromEntries(Object.entries(facts.assigned).map(([name, line]) => [name, own(line)])),
    clock: facts.clock.map(own),
    random: facts.random.map(([line, targets]) => [own(line), targets] as const),
    formats: facts.formats.map(([line, message]) => [own(line), message] as const),
  }
}

/** A job of the linter's own, with values for the tokens of its source. */
function helperJob(job: Job, helper: string, values: Readonly<Record<string, unknown>>): Job {
  const { text } = substitute(parseSource(helper), 'lint', ({ inner }) => values[inner])
  const script = { ...job.script, filename: 'lint', source: text, request: null, exports: [] }
  return { ...job, script: { ...script, wanted: ['result'] } }
}

/** A run that asks for nothing. */
function alone(options: LintPythonOptions): RunOptions {
  return { ...limits(options), signal: new AbortController().signal, ask: () => '' }
}

function limits({
  timeoutMs = defaultTimeoutMs,
  memoryMb = defaultMemoryMb,
}: LintPythonOptions): Pick<RunOptions, 'timeoutMs' | 'memoryMb'> {
  return { timeoutMs, memoryMb }
}
