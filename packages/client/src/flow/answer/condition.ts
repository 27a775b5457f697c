import { EzError } from '@ez/core'
import { compilePath, isJsonPath, valuesAt } from '../../base/json-path.ts'
import type { Answer } from './answer.ts'

/** One comparison of a value of an answer. */
export interface Comparison {
  /** The same value; lists must agree in length and order, of an object every key that is given. */
  readonly equals?: unknown
  /** Another value, and one must be there. */
  readonly notEquals?: unknown
  /** One of these values. */
  readonly oneOf?: readonly unknown[]
  /** A number below this one. */
  readonly lessThan?: number
  /** A number above this one. */
  readonly greaterThan?: number
  /** A number not below this one. */
  readonly atLeast?: number
  /** A number not above this one. */
  readonly atMost?: number
  /** A text that a regular expression (ECMAScript, flag `u`) finds something in. */
  readonly matches?: string
  /** Whether there is a value at the path. */
  readonly exists?: boolean
}

/** What an answer must be like; all that is given must hold. */
export interface Condition {
  /** HTTP status, or a list of them. */
  readonly status?: number | readonly number[]
  /** Headers by name, in any case: the whole value. */
  readonly headers?: Readonly<Record<string, string>>
  /** A text that the body holds. */
  readonly text?: string
  /**
   * Keys that begin with `$` are JSONPaths, with a value to be equal to or one {@link Comparison}. Anything else is
   * compared with the body: every key that is given must be there.
   */
  readonly json?: unknown
  /** Milliseconds at most from sending to the whole answer. */
  readonly maxMilliseconds?: number
}

const operators: Readonly<Record<string, (actual: unknown, wanted: unknown) => boolean>> = {
  equals: isEqual,
  notEquals: (actual, wanted) => actual !== undefined && !isEqual(actual, wanted),
  oneOf: (actual, wanted) => (wanted as unknown[]).some((value) => isEqual(actual, value)),
  lessThan: (actual, wanted) => numberOf(actual) < (wanted as number),
  greaterThan: (actual, wanted) => numberOf(actual) > (wanted as number),
  atLeast: (actual, wanted) => numberOf(actual) >= (wanted as number),
  atMost: (actual, wanted) => numberOf(actual) <= (wanted as number),
  matches: (actual, wanted) => typeof actual === 'string' && new RegExp(wanted as string, 'u').test(actual),
  exists: (actual, wanted) => (actual !== undefined) === wanted,
}

/**
 * Checks a condition before anything is sent.
 *
 * @throws EZ_FLOW_INVALID for what is no JSONPath, regular expression or operand
 */
export function checkCondition(condition: Condition, place: string): void {
  for (const [path, wanted] of pathsOf(condition.json)) {
    compilePath(path)
    const name = operatorOf(wanted)
    if (name === undefined) continue
    const operand = (wanted as Record<string, unknown>)[name]
    const problem = operandProblem(name, operand)
    if (problem !== undefined)
      throw new EzError('EZ_FLOW_INVALID', `${place}.json: ${path}: ${name} needs ${problem}.`)
  }
}

/**
 * What of a condition an answer does not meet, one line each, with the place and what is there instead.
 *
 * @example
 * ```ts
 * import { unmetConditions } from '@ez/client'
 *
 * const answer = { status: 200, headers: new Headers(), text: '{"state":"DONE"}', json: { state: 'DONE' } }
 * console.log(unmetConditions({ json: { '$.state': { oneOf: ['DONE', 'FATAL'] } } }, answer)) // []
 * ```
 */
export function unmetConditions(
  condition: Condition,
  answer: Pick<Answer, 'status' | 'headers' | 'text' | 'json'>,
  milliseconds = 0,
): string[] {
  const { status } = answer
  const problems: string[] = []
  const wanted = condition.status === undefined ? undefined : [condition.status].flat()
  if (wanted && !wanted.includes(status))
    problems.push(`status is ${status}, expected ${wanted.join(' or ')}`)
  for (const [name, value] of Object.entries(condition.headers ?? {})) {
    const found = answer.headers.get(name)
    if (found !== value)
      problems.push(
        `header ${name} is ${found === null ? 'missing' : JSON.stringify(found)}, expected ${JSON.stringify(value)}`,
      )
  }
  if (condition.text !== undefined && !answer.text.includes(condition.text))
    problems.push(`the body does not hold ${JSON.stringify(condition.text)}`)
  if (condition.json !== undefined) problems.push(...jsonProblems(condition.json, answer))
  const { maxMilliseconds } = condition
  if (maxMilliseconds !== undefined && milliseconds > maxMilliseconds)
    problems.push(`it took ${Math.round(milliseconds)} ms, expected at most ${maxMilliseconds}`)
  return problems
}

function jsonProblems(expected: unknown, { json }: Pick<Answer, 'json'>): string[] {
  if (json === undefined) return ['the body is not JSON']
  const paths = pathsOf(expected)
  if (paths.length === 0) return differences(expected, json, '')
  const plain = Object.entries(expected as object).filter(([key]) => !isJsonPath(key))
  return [
    ...(plain.length === 0 ? [] : differences(Object.fromEntries(plain), json, '')),
    ...paths.flatMap(([path, wanted]) => pathProblems(path, wanted, json)),
  ]
}

function pathProblems(path: string, wanted: unknown, json: unknown): string[] {
  const query = compilePath(path)
  const values = valuesAt(query, json)
  const actual = values.length === 0 ? undefined : query.singularQuery() ? values[0] : values
  const name = operatorOf(wanted)
  if (name === undefined) {
    if (actual === undefined) return [`${path} is missing, expected ${short(wanted)}`]
    return differences(wanted, actual, path)
  }
  const operand = (wanted as Record<string, unknown>)[name]
  if (operators[name]?.(actual, operand)) return []
  const is = actual === undefined ? 'missing' : short(actual)
  return [`${path} is ${is}, expected ${name === 'equals' ? '' : `${wordsOf(name)} `}${short(operand)}`]
}

const pathsOf = (json: unknown): [string, unknown][] =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? Object.entries(json).filter(([key]) => isJsonPath(key))
    : []

// An object with one key that is an operator; any other object is a value to be equal to.
function operatorOf(wanted: unknown): string | undefined {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return undefined
  const [name, ...others] = Object.keys(wanted)
  return name !== undefined && others.length === 0 && Object.hasOwn(operators, name) ? name : undefined
}

function operandProblem(name: string, operand: unknown): string | undefined {
  if (name === 'oneOf') return Array.isArray(operand) ? undefined : 'a list'
  if (name === 'exists') return typeof operand === 'boolean' ? undefined : 'true or false'
  if (name === 'equals' || name === 'notEquals') return undefined
  if (name !== 'matches') return typeof operand === 'number' ? undefined : 'a number'
  try {
    new RegExp(String(operand), 'u')
    return typeof operand === 'string' ? undefined : 'a regular expression as text'
  } catch (error) {
    return `a regular expression (${error instanceof Error ? error.message : String(error)})`
  }
}

const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

// A number that a double does not hold is text with its digits.
const numberOf = (value: unknown): number =>
  typeof value === 'number' || (typeof value === 'string' && /^-?[\d.]+(?:[eE][+-]?\d+)?$/.test(value))
    ? Number(value)
    : Number.NaN

function isEqual(actual: unknown, wanted: unknown): boolean {
  return differences(wanted, actual, '').length === 0
}

/** Where a value differs from what is expected of it, one line each. */
function differences(expected: unknown, actual: unknown, place: string): string[] {
  const here = place === '' ? 'json' : place
  const say = (): string[] => [`${here} is ${short(actual)}, expected ${short(expected)}`]
  // A whole number that a double does not hold: digits in an answer, a bigint where it was written.
  if (typeof expected === 'bigint') return String(expected) === String(actual) ? [] : say()
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual) ? [] : say()
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected))
    return say()
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length)
    return [`${here} has ${(actual as unknown[]).length} items, expected ${expected.length}`]
  return Object.entries(expected).flatMap(([key, value]) => {
    const next = Array.isArray(expected) ? `${here}[${key}]` : `${here}.${key}`
    if (!Object.hasOwn(actual, key)) return [`${next} is missing, expected ${short(value)}`]
    return differences(value, (actual as Record<string, unknown>)[key], next)
  })
}

function short(value: unknown): string {
  const text = JSON.stringify(value, bigintDigits) ?? 'undefined'
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

const bigintDigits = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value
