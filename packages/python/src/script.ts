import {
  checkOptions,
  type EditableRequest,
  EzError,
  type PreRequestScript,
  type ScriptContext,
} from '@ez/core'
import { applyEdits, requestState, resolvedState } from './edits.ts'
import { deliver, parseExports } from './exports.ts'
import { scriptFailed, subjected } from './failure.ts'
import { defaultMemoryMb, defaultTimeoutMs, idOf, jobOf, poolKey, poolOf, sourceOf } from './job.ts'
import type { PythonScriptOptions } from './options.ts'
import type { Answer, Job } from './pool/protocol.ts'
import { parseSource, substitute } from './source/substitute.ts'
import { keyOf, secretsIn, tokenValues } from './values.ts'
import { refuseHidden } from './withheld.ts'

/**
 * A pre-request script in Python, as it is written for eZintegrations: runs unmodified, in a sandbox.
 *
 * `{{name}}` and `{%name%}` in its text become Python literals; its module-level `str`, `int`, `float` and `bool`
 * variables are `{%name%}` for the request and later scripts. It sees neither files nor environment nor network.
 * Clock: the attempt's, in UTC. `random` is seeded with the attempt's nonce.
 *
 * @throws EZ_OPTION_INVALID, EZ_SCRIPT_UNREADABLE when it is created
 * @throws EZ_SCRIPT_FAILED, EZ_SCRIPT_TIMEOUT, EZ_SCRIPT_MEMORY, EZ_SCRIPT_OUTPUT, EZ_SCRIPT_VALUE,
 * EZ_SECRET_WITHHELD, EZ_VARIABLE_MISSING, EZ_OUTPUT_MISSING when it runs
 *
 * Source: eZintegrations, "Pre-request scripts for API automation".
 *
 * @example
 * ```ts
 * import { prepare, secret } from '@ez/core'
 * import { pythonScript } from '@ez/python'
 *
 * const prepared = await prepare(
 *   {
 *     method: 'GET',
 *     url: 'https://api.example.com/orders',
 *     headers: { authorization: '{%signature%}' },
 *     preRequest: [pythonScript({ source: "import hashlib\nsignature=hashlib.sha256(b'{{key}}').hexdigest()" })],
 *   },
 *   { variables: { key: secret('example-key') } },
 * )
 * ```
 */
export function pythonScript(options: PythonScriptOptions): PreRequestScript {
  checkOptions('python', options, {
    source: 'text?',
    file: 'string|object?',
    name: 'string?',
    exports: 'object?',
    parameters: 'object?',
    timeoutMs: 'number?',
    memoryMb: 'number?',
    isolation: "'script'|'run'?",
    seed: 'string?',
    pool: 'object?',
  })
  const id = idOf(options)
  const {
    timeoutMs = defaultTimeoutMs,
    memoryMb = defaultMemoryMb,
    isolation = 'script',
    parameters = {},
  } = options
  if (timeoutMs <= 0) throw new EzError('EZ_OPTION_INVALID', `${id}: timeoutMs must be more than 0.`)
  if (memoryMb < 40)
    throw new EzError('EZ_OPTION_INVALID', `${id}: memoryMb must be 40 or more; Python itself takes 30.`)
  const exports = parseExports(id, options.exports ?? {})
  const parsed = parseSource(sourceOf(id, options))
  const { names, tokens } = parsed.lexed
  const key = poolKey(parsed, memoryMb)
  const reads = names.has('request')
  const secrets = secretsIn(parameters)
  const exported = exports.map(({ variable }) => variable)

  return {
    specVersion: 1,
    id,
    reads: [...new Set(tokens.filter(runtimeToken).map(({ inner }) => rootOf(inner)))],
    async run(request: EditableRequest, context: ScriptContext): Promise<void> {
      for (const value of secrets) context.conceal(value)
      const values = await tokenValues(id, parsed, parameters, context)
      const source = substitute(parsed, id, (token) => values.get(keyOf(token)))
      const base = jobOf(id, parsed, source, options, context, reads ? requestState(request, context) : null)
      const job: Job = { ...base, script: { ...base.script, exports: exported } }
      const pool = poolOf(options)
      let answer: Answer
      try {
        answer = await pool.run(
          key,
          job,
          {
            timeoutMs,
            memoryMb,
            signal: context.signal,
            ask: (edits) => {
              applyEdits(id, edits, request)
              return JSON.stringify(resolvedState(id, request.resolved(), context))
            },
          },
          isolation === 'run',
        )
      } catch (error) {
        throw EzError.isInstance(error) ? subjected(id, error) : error
      }
      logOutput(answer, context)
      const { result } = answer
      if (result.error) throw scriptFailed(id, result.error, source, parsed.text, memoryMb)
      refuseHidden(id, Object.values(result.values ?? {}).flat())
      applyEdits(id, result.edits ?? [], request)
      deliver(id, result, exports, request, context)
    },
  }
}

function runtimeToken({ syntax, escaped }: { syntax: string; escaped: boolean }): boolean {
  return syntax === 'runtime' && !escaped
}

function rootOf(inner: string): string {
  return /^[\p{L}\p{N}_$-]*/u.exec(inner)?.[0] ?? ''
}

function logOutput({ log, logged }: Answer, context: ScriptContext): void {
  if (logged === 0) return
  const shown = Buffer.byteLength(log)
  const text = log.endsWith('\n') ? log.slice(0, -1) : log
  context.log(logged > shown ? `${text}\n… (${logged} bytes printed)` : text)
}
