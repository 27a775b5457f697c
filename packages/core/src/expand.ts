import { EzError } from './error.ts'
import { everyPlain, textOf } from './json.ts'
import type { Found, Scope } from './scope.ts'
import { Secret, secret } from './secret.ts'
import { mayHoldTokens, parseTemplate } from './template.ts'
import { filtered } from './text.ts'

/** The names that led to a value, outermost first; a container adds an empty one. */
export type Chain = readonly string[]

const longestText = 16_777_216
const deepest = 200

/** Whether a value holds nothing to replace, as most do. */
const isLiteral = (value: unknown): boolean =>
  everyPlain(value, (item) => typeof item !== 'string' || !mayHoldTokens(item, 'variables'))

/** A value of `variables` with the names in it replaced; a `Secret` is literal. `undefined` while it is being fetched. */
export function expand(found: Found, name: string, chain: Chain, scope: Scope): Found | undefined {
  return isLiteral(found.value) ? found : expandAny(found, name, chain, scope)
}

function expandAny(found: Found, name: string, chain: Chain, scope: Scope): Found | undefined {
  const { value } = found
  if (typeof value === 'string')
    return mayHoldTokens(value, 'variables') ? expandText(value, name, chain, scope) : found
  if (typeof value === 'function' || Secret.isInstance(value)) return scope.settled(found, name)
  if (typeof value !== 'object' || value === null) return found
  const prototype: unknown = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === Object.prototype || prototype === null
    ? expandContainer(value, name, chain, scope)
    : found
}

function expandContainer(container: object, name: string, chain: Chain, scope: Scope): Found {
  // The container itself stands in the chain, so that one that holds itself ends.
  if (chain.length > deepest)
    throw new EzError(
      'EZ_VARIABLE_CYCLE',
      `{{${name}}} is nested more than ${deepest} deep, or holds itself.`,
    )
  const inner = [...chain, '']
  let fromData = false
  const entries = Object.entries(container).map(([key, item]) => {
    // Not asked again whether it is literal: every level would walk through all below it.
    const found = expandAny({ value: item, fromData: false }, name, inner, scope)
    fromData ||= found?.fromData === true
    return [key, found?.value] as const
  })
  return {
    value: Array.isArray(container) ? entries.map(([, item]) => item) : Object.fromEntries(entries),
    fromData,
  }
}

function expandText(text: string, name: string, chain: Chain, scope: Scope): Found {
  const known = scope.expanded.get(text)
  if (known) return known
  if (chain.includes(name)) {
    const cycle = [...chain.slice(chain.indexOf(name)), name].filter((entry) => entry !== '')
    throw new EzError(
      'EZ_VARIABLE_CYCLE',
      `Variables refer to each other: ${cycle.join(' → ')}. Break the circle.`,
      { details: { cycle } },
    )
  }
  const expanded = join(text, name, [...chain, name], scope)
  if (!scope.unsettled) scope.expanded.set(text, expanded)
  return expanded
}

function join(text: string, name: string, chain: Chain, scope: Scope): Found {
  const template = parseTemplate(text, `{{${name}}}`, 'variables')
  const place = `variables.${name}`
  let fromData = false
  let masked = false
  let allowedInScript = true
  let joined = ''
  for (const part of template) {
    if (typeof part === 'string') {
      joined += part
      continue
    }
    const walked = scope.find(part, place, chain)
    if (!walked) continue
    const found = filtered(part, walked, place)
    if (template.length === 1) return found
    fromData ||= found.fromData
    if (Secret.isInstance(found.value)) {
      masked = true
      allowedInScript &&= found.value.allowedInScript
    }
    joined += textOf(found.value, place)
    if (joined.length > longestText)
      throw new EzError(
        'EZ_VARIABLE_TOO_LARGE',
        `{{${name}}} becomes longer than ${longestText} characters. Look for variables that repeat each other.`,
      )
  }
  return { value: masked ? secret(joined, { allowedInScript }) : joined, fromData }
}
