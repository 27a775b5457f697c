import { type PrepareContext, reveal, Secret } from '@ez/core'
import { bigintText, tokensIn } from './options.ts'

/** Names of the variables that values depend on, when nothing else about a send changes what they mean. */
export interface Steady {
  readonly variables: PrepareContext['variables']
  readonly names: readonly string[]
}

/**
 * What values depend on; `undefined` when it may be more than plain variables: a runtime value, a filter, a path into a
 * variable, a variable that is fetched or that refers to others.
 */
export function steadyIn(values: readonly unknown[], { variables }: PrepareContext): Steady | undefined {
  const text = JSON.stringify(values, bigintText)
  if (text.includes('{%') || text.includes('\\\\')) return undefined
  const names = tokensIn(values)
  const isPlain = (name: string): boolean =>
    variables !== undefined && Object.hasOwn(variables, name) && isLiteral(variables[name])
  const isRead = text.split('{{').length - 1 === names.length
  return isRead && names.every(isPlain) ? { variables, names } : undefined
}

/** Whether they mean the same for this send. */
export function isSteady({ variables, names }: Steady, context: PrepareContext): boolean {
  const { data } = context
  return variables === context.variables && !(data && names.some((name) => Object.hasOwn(data, name)))
}

function isLiteral(value: unknown): boolean {
  const plain = Secret.isInstance(value) ? reveal(value) : value
  return typeof plain === 'string'
    ? !plain.includes('{{') && !plain.includes('{%')
    : typeof plain === 'number' || typeof plain === 'boolean'
}
