import { EzError, nearest, reveal, type ScriptContext, Secret } from '@ez/core'
import type { SourceToken } from './source/lexer.ts'
import type { ParsedSource } from './source/substitute.ts'
import { withheldFrom } from './withheld.ts'

/** A script's own parameters, by name. */
export type Parameters = Readonly<Record<string, unknown>>

const plainPath = /^[\p{L}_$][\p{L}\p{N}_$-]*(?:\.[\p{L}\p{N}_$-]+|\[\d+\]|\["[^"]*"\]|\['[^']*'\])*$/u
const keys = /[\p{L}\p{N}_$-]+|\["([^"]*)"\]|\['([^']*)'\]/gu

/** Finds the value of every token of a source. */
export async function tokenValues(
  id: string,
  { lexed, text }: ParsedSource,
  parameters: Parameters,
  context: ScriptContext,
  fallback: (token: SourceToken) => unknown = () => undefined,
): Promise<ReadonlyMap<string, unknown>> {
  const values = new Map<string, unknown>()
  const missing: { token: SourceToken; shown: string }[] = []
  for (const token of lexed.tokens) {
    const key = keyOf(token)
    if (token.escaped || values.has(key)) continue
    let value =
      token.syntax === 'runtime' ? context.runtime(token.inner) : lookup(id, token.inner, parameters, context)
    if (value instanceof Promise) value = await value
    if (value === undefined) value = fallback(token)
    if (value === undefined) missing.push({ token, shown: text.slice(token.start, token.end) })
    else if (holdsWithheld(value))
      throw withheldFrom(id, `line ${lineOf(text, token.start)}: ${text.slice(token.start, token.end)} is or`)
    values.set(key, value)
  }
  if (missing.length > 0) throw missingValues(id, missing, text, parameters, context)
  return values
}

/** The key of a token in the result of {@link tokenValues}. */
export function keyOf({ syntax, inner }: SourceToken): string {
  return `${syntax} ${inner}`
}

/** Parameters win over variables of the same name. */
function lookup(id: string, path: string, parameters: Parameters, context: ScriptContext): unknown {
  const [root = ''] = /^[\p{L}\p{N}_$-]*/u.exec(path) ?? []
  if (!Object.hasOwn(parameters, root)) return context.lookup(path)
  if (!plainPath.test(path))
    throw new EzError(
      'EZ_SCRIPT_VALUE',
      `${id}: {{${path}}}: a parameter takes no filters. Give it the value that is meant.`,
    )
  let value: unknown = parameters
  for (const [key, double, single] of path.matchAll(keys)) {
    const name = double ?? single ?? key
    if (
      typeof value !== 'object' ||
      value === null ||
      Secret.isInstance(value) ||
      !Object.hasOwn(value, name)
    )
      return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function missingValues(
  id: string,
  missing: readonly { token: SourceToken; shown: string }[],
  text: string,
  parameters: Parameters,
  context: ScriptContext,
): EzError {
  const known = [...Object.keys(context.variables), ...Object.keys(parameters)]
  const lines = missing.map(({ token, shown }) => {
    const close = token.syntax === 'variable' ? nearest(token.inner, known) : undefined
    return `${shown} in line ${lineOf(text, token.start)}${close ? ` (did you mean {{${close}}}?)` : ''}`
  })
  const variables = missing.some(({ token }) => token.syntax === 'variable')
  return new EzError(
    variables ? 'EZ_VARIABLE_MISSING' : 'EZ_OUTPUT_MISSING',
    `${id}: no value for ${lines.join('; ')}. Set it, or write a backslash before the braces if they are meant as text.`,
    {
      details: {
        missing: missing.map(({ token }) => ({
          name: token.inner,
          place: `line ${lineOf(text, token.start)}`,
        })),
      },
    },
  )
}

/** The line of a position, from 1. */
export function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

/** Whether a value holds a secret that scripts may not read. */
export function holdsWithheld(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 200) return false
  if (Secret.isInstance(value)) return !value.allowedInScript
  if (value instanceof Uint8Array) return false
  return Object.values(value).some((item) => holdsWithheld(item, depth + 1))
}

/** Every secret in a value. */
export function secretsIn(value: unknown, found: Secret[] = [], depth = 0): Secret[] {
  if (typeof value !== 'object' || value === null || depth > 200) return found
  if (Secret.isInstance(value)) found.push(value)
  else if (!(value instanceof Uint8Array))
    for (const item of Object.values(value)) secretsIn(item, found, depth + 1)
  return found
}

/** Parameters as the script's `parameters` holds them: secrets in clear, without those that are withheld. */
export function plainParameters(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value !== 'object' || value === null) return value
  if (Secret.isInstance(value)) return value.allowedInScript ? reveal(value) : undefined
  if (Array.isArray(value)) return value.map((item) => plainParameters(item) ?? null)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainParameters(item)]))
}
