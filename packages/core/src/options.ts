import { EzError } from './error.ts'
import { nearest } from './nearest.ts'
import { reveal, Secret } from './secret.ts'

/**
 * What an option may be: kinds and quoted literals joined with `|`, with `?` at the end when it may be
 * left out: `string`, `number?`, `secret|function`, `'header'|'query'?`. A `secret` is a non-empty
 * string or a `Secret`; a `string` is not empty; `any` is anything.
 */
export type OptionRule = string

const kinds: Record<string, (value: unknown) => boolean> = {
  any: () => true,
  array: Array.isArray,
  boolean: (value) => typeof value === 'boolean',
  bytes: (value) => value instanceof Uint8Array,
  function: (value) => typeof value === 'function',
  null: (value) => value === null,
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  secret: (value) => (typeof value === 'string' || Secret.isInstance(value)) && reveal(value) !== '',
  string: (value) => typeof value === 'string' && value !== '',
  text: (value) => typeof value === 'string',
}

/**
 * Checks the options of a factory when it is called, so that a wrong one fails before anything is sent.
 *
 * @throws EZ_OPTION_INVALID for an unknown name, a missing option or a wrong type
 * @throws EZ_CREDENTIAL_MISSING for a missing or empty option of the kind `secret`
 *
 * @example
 * ```ts
 * import { checkOptions } from '@ez/core'
 *
 * checkOptions('my-signer', { key: 'abc' }, { key: 'secret', placement: "'header'|'query'?" })
 * ```
 */
export function checkOptions(
  id: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  if (!kinds.object?.(options))
    throw new EzError('EZ_OPTION_INVALID', `${id}: the options must be an object.`)
  const values = options as Record<string, unknown>
  for (const name of Object.keys(values))
    if (!Object.hasOwn(rules, name)) {
      const close = nearest(name, Object.keys(rules))
      throw new EzError(
        'EZ_OPTION_INVALID',
        `${id}: there is no option "${name}". ${close ? `Did you mean "${close}"?` : `Known: ${Object.keys(rules).join(', ')}.`}`,
      )
    }
  for (const [name, rule] of Object.entries(rules)) {
    const optional = rule.endsWith('?')
    const value = values[name]
    if (value === undefined && optional) continue
    const alternatives = (optional ? rule.slice(0, -1) : rule).split('|')
    if (alternatives.some((kind) => matches(kind, value))) continue
    const missing =
      alternatives.includes('secret') &&
      (value === undefined || value === null || value === '' || Secret.isInstance(value))
    throw new EzError(
      missing ? 'EZ_CREDENTIAL_MISSING' : 'EZ_OPTION_INVALID',
      missing
        ? `${id}: ${name} is required. Set it or bind it to a variable.`
        : `${id}: option ${name} must be ${alternatives.join(' or ')}, and is ${value === undefined ? 'missing' : kindOf(value)}.`,
    )
  }
}

function matches(kind: string, value: unknown): boolean {
  return kind.startsWith("'") ? value === kind.slice(1, -1) : kinds[kind]?.(value) === true
}

// Names the kind, never the value: a misplaced option may well be a secret.
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (value === '') return 'empty'
  if (typeof value === 'number') return 'a number that does not fit'
  return typeof value === 'string' ? 'another string' : `of type ${typeof value}`
}
