import type { ResponseSnapshot } from '@ez/core'
import type { Expectation } from '../files/request-file.ts'
import { showPath } from '../files/validate.ts'

/** What of an expectation a response does not meet, one line each; without one, a status below 400 is good. */
export function unmet(
  expectation: Expectation | undefined,
  response: ResponseSnapshot,
  milliseconds: number,
): string[] {
  const { status } = response
  if (!expectation) return status < 400 ? [] : [`status ${status}`]
  const problems: string[] = []
  const wanted = expectation.status === undefined ? undefined : [expectation.status].flat()
  if (wanted ? !wanted.includes(status) : status >= 400)
    problems.push(`status is ${status}${wanted ? `, expected ${wanted.join(' or ')}` : ''}`)
  for (const [name, value] of Object.entries(expectation.headers ?? {})) {
    const found = response.headers
      .filter(([known]) => known.toLowerCase() === name.toLowerCase())
      .map(([, text]) => text)
    if (found.join(', ') !== value)
      problems.push(
        `header ${name} is ${found.length === 0 ? 'missing' : JSON.stringify(found.join(', '))}, expected ${JSON.stringify(value)}`,
      )
  }
  const text = new TextDecoder().decode(response.body)
  if (expectation.text !== undefined && !text.includes(expectation.text))
    problems.push(`the body does not hold ${JSON.stringify(expectation.text)}`)
  if (expectation.json !== undefined) problems.push(...jsonProblems(expectation.json, text))
  const { maxMilliseconds } = expectation
  if (maxMilliseconds !== undefined && milliseconds > maxMilliseconds)
    problems.push(`it took ${Math.round(milliseconds)} ms, expected at most ${maxMilliseconds}`)
  return problems
}

function jsonProblems(expected: unknown, text: string): string[] {
  let actual: unknown
  try {
    actual = JSON.parse(text)
  } catch {
    return ['the body is not JSON']
  }
  return differences(expected, actual, [])
}

// Every key that is expected must be there; lists must agree in length and order.
function differences(expected: unknown, actual: unknown, path: readonly (string | number)[]): string[] {
  const place = path.length === 0 ? 'json' : `json.${showPath(path)}`
  const say = (): string[] => [`${place} is ${short(actual)}, expected ${short(expected)}`]
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual) ? [] : say()
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(expected))
    return say()
  if (Array.isArray(expected) && expected.length !== (actual as unknown[]).length)
    return [`${place} has ${(actual as unknown[]).length} items, expected ${expected.length}`]
  return Object.entries(expected).flatMap(([key, value]) => {
    const step = Array.isArray(expected) ? Number(key) : key
    if (!Object.hasOwn(actual, key))
      return [`json.${showPath([...path, step])} is missing, expected ${short(value)}`]
    return differences(value, (actual as Record<string, unknown>)[key], [...path, step])
  })
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
