import { EzError } from '../base/error.ts'
import { reveal, Secret } from '../base/secret.ts'

/**
 * What an option may be: kinds and quoted literals joined with `|`, with `?` at the end when it may be
 * left out: `string`, `number?`, `secret|function`, `'header'|'query'?`. A `secret` is a non-empty
 * string or a `Secret`; a `string` is not empty; `any` is anything.
 */
export type OptionRule = string

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
  const wrong = (message: string, code = 'EZ_OPTION_INVALID'): EzError =>
    new EzError(code, `${id}: ${message}`)
  if (kindOf(options) !== 'object') throw wrong('the options must be an object.')
  const values = options as Record<string, unknown>
  for (const name of Object.keys(values))
    if (!Object.hasOwn(rules, name))
      throw wrong(`there is no option "${name}". Known: ${Object.keys(rules).join(', ')}.`)
  for (const [name, rule] of Object.entries(rules)) {
    const value = values[name]
    if (value === undefined && rule.endsWith('?')) continue
    const kind = kindOf(value)
    const alternatives = rule.replace('?', '').split('|')
    if (alternatives.some((wanted) => matches(wanted, kind, value))) continue
    if (alternatives.includes('secret') && (/missing|null|empty/.test(kind) || Secret.isInstance(value)))
      throw wrong(`${name} is required. Set it or bind it to a variable.`, 'EZ_CREDENTIAL_MISSING')
    throw wrong(`option ${name} must be ${alternatives.join(' or ')}, and is ${kind}.`)
  }
}

// Told in messages in place of the value: a misplaced option may well be a secret.
function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (value === '') return 'empty'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && !Number.isFinite(value) ? 'not finite' : typeof value
}

function matches(wanted: string, kind: string, value: unknown): boolean {
  if (wanted === kind || wanted === 'any') return true
  if (wanted === 'secret') return Secret.isInstance(value) ? reveal(value) !== '' : kind === 'string'
  if (wanted === 'bytes') return value instanceof Uint8Array
  return typeof value === 'string' && (wanted === 'text' || wanted === `'${value}'`)
}
