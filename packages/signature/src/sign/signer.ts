import {
  EzError,
  type MaybePromise,
  type PreRequestScript,
  type ResolvedRequest,
  type SignContext,
  type Signer,
  type SignResult,
  whenReady,
} from '@ez/core'
import type { Program } from '../compile/program.ts'
import type { RefusalRule } from '../language/description.ts'
import type { Run } from '../run/run.ts'
import { shown } from '../run/shown.ts'
import { textOf } from '../run/values.ts'
import { diagnoseRefusal } from './diagnose.ts'
import { amended, begin, type Evaluation, signed } from './evaluate.ts'
import type { Evaluate, Evaluated } from './evaluated.ts'
import { prepareOptions, type Resolved } from './options.ts'
import { createPathScript } from './path-script.ts'

/** Makes the step of a described scheme. @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function createStep(
  program: Program,
  refusals: readonly RefusalRule[],
  options: unknown,
): Signer | PreRequestScript {
  const { id, writes } = program
  if (writes.length === 0)
    throw new EzError('EZ_OPTION_INVALID', `${id}: the description has no writes, so nothing would be sent.`)
  const evaluate = createEvaluator(program, options)
  const diagnose = (
    response: Parameters<typeof diagnoseRefusal>[1],
    prepared: Parameters<typeof diagnoseRefusal>[2],
  ) => diagnoseRefusal(program, response, prepared, refusals)
  const isPath = writes.some(({ to }) => to === 'path')
  if (isPath) return { specVersion: 1, id, diagnose, ...createPathScript(program, evaluate) }
  const named = (...places: readonly string[]): string[] =>
    writes.filter(({ to }) => places.includes(to)).map(({ name }) => name)
  const changesBody = named('form', 'json', 'body').length > 0
  return {
    specVersion: 1,
    id,
    writes: {
      headers: named('headers'),
      query: named('query'),
      ...(changesBody && { body: true as const }),
      ...(named('cookies').length > 0 && { amends: ['cookie'] }),
    },
    diagnose,
    sign: (request, context) =>
      whenReady(
        evaluate(request, context),
        ({ evaluation, secrets }): SignResult => resultOf(program, evaluation, secrets, changesBody),
      ),
  }
}

/** Checks the options once, and keeps the keys made of them. @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function createEvaluator(program: Program, options: unknown): Evaluate {
  const { id, scope } = program
  const resolve = prepareOptions(id, scope.options, options)
  const keyStages = [...scope.keys].map((name) => scope.stages.get(name)?.index ?? 0)
  let last: Resolved | undefined
  let memo: unknown[] = []
  const evaluateWith = (
    resolved: Resolved,
    request: ResolvedRequest,
    context: SignContext,
  ): MaybePromise<Evaluated> => {
    if (resolved !== last) {
      last = resolved
      memo = new Array<unknown>(scope.memos)
    }
    const now = scope.times.size === 0 ? 0 : context.now().getTime()
    if (Number.isNaN(now)) throw new EzError('EZ_CLOCK_INVALID', `${id}: the clock must give a Date.`)
    const evaluation = begin(program, request, {
      options: resolved.values,
      now,
      nonce: () => context.nonce(),
      memo,
    })
    return whenReady(signed(program, evaluation), () => ({
      evaluation,
      secrets:
        keyStages.length === 0
          ? resolved.secrets
          : [...resolved.secrets, ...keyStages.flatMap((index) => secretTexts(evaluation.run, index))],
    }))
  }
  return (request, context) =>
    whenReady(resolve(context), (resolved) => evaluateWith(resolved, request, context))
}

function secretTexts({ stages }: Run, index: number): string[] {
  const value = stages[index]
  return value === undefined ? [] : [shown(value)]
}

function resultOf(
  program: Program,
  { run, written }: Evaluation,
  secrets: readonly string[],
  changesBody: boolean,
): SignResult {
  const headers: Record<string, string> = {}
  for (const isLate of [false, true])
    for (const [name, value] of written('headers', isLate)) headers[name] = value
  const cookies = written('cookies', false).concat(written('cookies', true))
  if (cookies.length > 0) headers.cookie = withCookies(run.source.header('cookie'), cookies)
  const query = written('query', false).concat(written('query', true))
  const body = changesBody
    ? { body: amended(run.source.body(), () => run.source.contentType(), written, true) }
    : undefined
  return { patch: { headers, query, ...body }, trace: traceOf(program, run), secrets }
}

/** The stages that were needed, and the signature. */
export function traceOf({ shown: names, scope }: Program, run: Run): { id: string; value: string }[] {
  const trace: { id: string; value: string }[] = []
  for (const id of names) {
    const value = run.stages[scope.stages.get(id)?.index ?? 0]
    if (value !== undefined) trace.push({ id, value: shown(value) })
  }
  trace.push({ id: 'signature', value: textOf(run.signature ?? '') })
  return trace
}

function withCookies(before: string | undefined, added: readonly (readonly [string, string])[]): string {
  const names = added.map(([name]) => name)
  const kept = (before ?? '').split(';').map((part) => part.trim())
  return [
    ...kept.filter((part) => part !== '' && !names.includes(part.split('=', 1)[0] as string)),
    ...added.map(([name, value]) => `${name}=${value}`),
  ].join('; ')
}
