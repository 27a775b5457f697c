import { EzError } from '../base/error.ts'
import { reveal, Secret, secret } from '../base/secret.ts'
import { applyFilters, type Found, type SecretKeeper } from '../template/filters.ts'
import { mayHoldTokens, parseTemplate, type Token } from '../template/parse.ts'
import { everyPlain, textOf } from '../values/json.ts'

/** The names that led to a value, outermost first; a container adds an empty one. */
export type Chain = readonly string[]

const longestText = 16_777_216
const deepest = 200

/** What became of a text, list or record. */
export interface Expanded extends Found {
  /** About how many characters a list or record will have as text. */
  readonly weight?: number
  /** The keys of a list or record whose values hold data. */
  readonly dataKeys?: ReadonlySet<string> | undefined
}

/** The variables that a value may name. */
export interface Names extends SecretKeeper {
  /** What became of values so far: each is worked out once. */
  readonly expanded: Map<unknown, Expanded | undefined>
  /** The value of a `{{token}}`; `undefined` while it is being fetched, or when it is missing. */
  find(token: Token, place: string, chain: Chain): Found | undefined
  /** The value of a `{%token%}` that is known beforehand. @throws EZ_TEMPLATE_INVALID for any other */
  runtime(token: Token, variable: string): Found
  /** The value that a function gives, or the value itself; `undefined` while it is being fetched. */
  currentValue(found: Found, name: string): Found | undefined
}

const isLiteralItem = (item: unknown): boolean => typeof item !== 'string' || !mayHoldTokens(item)

/** Whether a value holds nothing to replace, as most do. */
const isLiteral = (value: unknown): boolean =>
  typeof value === 'string' ? isLiteralItem(value) : everyPlain(value, isLiteralItem)

/**
 * A value of `variables` with the names in it replaced; a `Secret` is literal. `undefined` while it is being fetched, or
 * when a name in it is missing, which the names have remembered.
 */
export function expand(found: Found, name: string, chain: Chain, names: Names): Found | undefined {
  return isLiteral(found.value) ? found : expandAny(found, name, chain, names)
}

function expandAny(found: Found, name: string, chain: Chain, names: Names): Found | undefined {
  const { value } = found
  if (typeof value === 'string')
    return mayHoldTokens(value) ? once(value, name, chain, names, expandText) : found
  if (typeof value === 'function') {
    const given = names.currentValue(found, name)
    // A function that a function gave is no value; text refuses it.
    return given && typeof given.value !== 'function' ? expandAny(given, name, chain, names) : given
  }
  if (Secret.isInstance(value)) return names.currentValue(found, name)
  if (typeof value !== 'object' || value === null) return found
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value) || prototype === Object.prototype || prototype === null)
    return once(value, name, chain, names, expandContainer)
  // Instances stay what they are, but what is secret in them must not be shown.
  names.conceal(value)
  return found
}

/** Works out a value that is used often once; without that, variables that repeat each other would take forever. */
function once<Value extends string | object>(
  value: Value,
  name: string,
  chain: Chain,
  names: Names,
  work: (value: Value, name: string, chain: Chain, names: Names) => Found | undefined,
): Found | undefined {
  const { expanded } = names
  if (expanded.has(value)) return expanded.get(value)
  if (typeof value === 'string' && chain.includes(name))
    throw circle([...chain.slice(chain.indexOf(name)), name])
  if (chain.length > deepest)
    throw new EzError('EZ_VARIABLE_CYCLE', `{{${name}}} leads more than ${deepest} deep, or holds itself.`)
  const found = work(value, name, chain, names)
  expanded.set(value, found)
  return found
}

function circle(path: Chain): EzError {
  const cycle = path.filter((entry) => entry !== '')
  return new EzError(
    'EZ_VARIABLE_CYCLE',
    `Variables refer to each other: ${cycle.join(' → ')}. Break the circle.`,
    { details: { cycle } },
  )
}

function expandContainer(container: object, name: string, chain: Chain, names: Names): Expanded | undefined {
  // The container itself stands in the chain, so that one that holds itself ends.
  const inner = [...chain, '']
  const isList = Array.isArray(container)
  const entries: [string, unknown][] = []
  let dataKeys: Set<string> | undefined
  let known = true
  let weight = 1
  // Holes of a list count as items.
  for (const [key, item] of Object.entries(isList ? Array.from(container) : container)) {
    // Not asked again whether it is literal: every level would walk through all below it.
    const found = expandAny({ value: item, fromData: false }, name, inner, names)
    if (!found) {
      known = false
      continue
    }
    if (found.fromData) {
      dataKeys ??= new Set()
      dataKeys.add(key)
    }
    weight += key.length + weightOf(found.value, names)
    if (weight > longestText) throw tooLarge(name)
    entries.push([key, found.value])
  }
  if (!known) return undefined
  const value = isList ? entries.map(([, item]) => item) : Object.fromEntries(entries)
  const expanded: Expanded = { value, fromData: dataKeys !== undefined, weight, dataKeys }
  // What is expanded stays as it is.
  names.expanded.set(value, expanded)
  return expanded
}

/** About how many characters a value will have as text. */
function weightOf(value: unknown, names: Names): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (Secret.isInstance(value)) return reveal(value).length
  const known = names.expanded.get(value)?.weight
  if (known !== undefined) return known
  let weight = 0
  everyPlain(value, (item) => {
    weight += typeof item === 'string' ? item.length : 1
    return weight <= longestText
  })
  return weight
}

function tooLarge(name: string): EzError {
  return new EzError(
    'EZ_VARIABLE_TOO_LARGE',
    `{{${name}}} becomes longer than ${longestText} characters. Look for variables that repeat each other.`,
  )
}

function expandText(text: string, name: string, outer: Chain, names: Names): Found | undefined {
  const chain = [...outer, name]
  const template = parseTemplate(text, `{{${name}}}`)
  const place = `variables.${name}`
  let fromData = false
  let masked = false
  let allowedInScript = true
  let known = true
  let joined = ''
  for (const part of template) {
    if (typeof part === 'string') {
      joined += part
      continue
    }
    const walked = part.kind === 'runtime' ? names.runtime(part, name) : names.find(part, place, chain)
    if (!walked) {
      known = false
      continue
    }
    const found = applyFilters(part, walked, place, names)
    if (template.length === 1) return found
    fromData ||= found.fromData
    if (Secret.isInstance(found.value)) {
      masked = true
      allowedInScript &&= found.value.allowedInScript
    }
    joined += textOf(found.value, place)
    if (joined.length > longestText) throw tooLarge(name)
  }
  if (!known) return undefined
  return { value: masked ? secret(joined, { allowedInScript }) : joined, fromData }
}
