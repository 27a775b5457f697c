import type { Pairs } from '@ez/core'

/** Headers as they enter the canonical request. */
export interface CanonicalHeaders {
  /** One line per name, `name:value`, sorted by name, each line ended. */
  readonly lines: string
  /** Names in lower case, sorted, joined with `;`. */
  readonly signedHeaders: string
}

/** Which headers are signed: all, or the allow-list and these names in lower case. */
export type SignedHeaderChoice = 'all' | ReadonlySet<string>

// A folded line, a tab or two spaces become one space; the ends are trimmed.
const irregular = /[\t\r\n]| {2}|^ | $/
const whitespace = /[ \t\r\n]+/g

/** One space for every run of white space, none at the ends. */
export function trimValue(value: string): string {
  return irregular.test(value) ? value.replace(whitespace, ' ').replace(/^ | $/g, '') : value
}

// Proxies rewrite other headers (accept-encoding above all), so these are signed and others only when named.
function isAllowed(name: string, choice: ReadonlySet<string>): boolean {
  return (
    name.startsWith('x-amz-') ||
    name === 'content-type' ||
    name === 'host' ||
    name === 'range' ||
    name === 'content-md5' ||
    choice.has(name)
  )
}

/**
 * Lower-cases names, trims and folds values, joins repeated headers with `,` and sorts by name.
 *
 * @param added names in lower case with values that need no trimming; each replaces a header of that name
 */
export function canonicalHeaders(
  headers: Pairs,
  choice: SignedHeaderChoice,
  host: string,
  added: Pairs,
): CanonicalHeaders {
  const names: string[] = []
  const values: string[] = []
  for (const [name, value] of added) insert(names, values, name, value)
  const addedCount = names.length
  let hasHost = false
  for (let index = 0; index < headers.length; index += 1) {
    const [written, value] = headers[index] as readonly [string, string]
    const name = written.toLowerCase()
    if (name === 'authorization' || (choice !== 'all' && !isAllowed(name, choice))) continue
    if (addedCount > 0 && isAdded(added, name)) continue
    if (name === 'host') hasHost = true
    insert(names, values, name, trimValue(value))
  }
  if (!hasHost && host !== '') insert(names, values, 'host', host)
  let lines = ''
  let signedHeaders = ''
  for (let index = 0; index < names.length; index += 1) {
    lines += `${names[index]}:${values[index]}\n`
    signedHeaders += index === 0 ? names[index] : `;${names[index]}`
  }
  return { lines, signedHeaders }
}

function isAdded(added: Pairs, name: string): boolean {
  for (const pair of added) if (pair[0] === name) return true
  return false
}

// Insertion into two short parallel lists: faster than sorting pairs for the handful of headers a request has.
function insert(names: string[], values: string[], name: string, value: string): void {
  let position = names.length
  while (position > 0 && (names[position - 1] as string) > name) position -= 1
  if (position > 0 && names[position - 1] === name) {
    values[position - 1] = `${values[position - 1]},${value}`
    return
  }
  for (let index = names.length; index > position; index -= 1) {
    names[index] = names[index - 1] as string
    values[index] = values[index - 1] as string
  }
  names[position] = name
  values[position] = value
}
