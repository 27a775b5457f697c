import { base64 } from '../imported/base64.ts'
import type { Given } from './given.ts'

// The sender writes these itself, from the URL and the body.
const ofSender = /^(?:content-length|connection|transfer-encoding|expect|proxy-connection)$/i

/** The headers that curl would send but for its own defaults, and those that `-H 'Name:'` takes away. */
export function readHeaders(
  given: Given,
  credentials: string | undefined,
  authorized: boolean,
  notes: string[],
): { readonly headers: [string, string][]; readonly removed: ReadonlySet<string> } {
  const removed = new Set<string>()
  const headers: [string, string][] = given.values('header').flatMap((line) => {
    if (line.startsWith('@')) {
      notes.push(`Headers of the file ${line.slice(1)} were not read. Write them under headers.`)
      return []
    }
    // "name:" removes a header that curl would add; "name;" sends an empty one.
    const match = /^([^:;]+)(?::\s*(.*)|;)$/s.exec(line)
    if (!match) return []
    const name = (match[1] as string).trim()
    if (match[2] === '') {
      removed.add(name.toLowerCase())
      return []
    }
    if (/^host$/i.test(name)) {
      notes.push(`The header "${line}" was left out: the host is that of the URL.`)
      return []
    }
    return ofSender.test(name) ? [] : [[name, (match[2] ?? '').trim()] as [string, string]]
  })
  const add = (name: string, value: string | undefined): void => {
    if (value === undefined || removed.has(name)) return
    if (!headers.some(([known]) => known.toLowerCase() === name)) headers.push([name, value])
  }
  const range = given.last('range')
  add('user-agent', given.last('user-agent'))
  add('referer', given.last('referer'))
  add('range', range === undefined ? undefined : `bytes=${range}`)
  const cookies = given.values('cookie').filter((cookie) => {
    // Without "=" it is a file, from which curl takes what fits the host.
    if (!cookie.includes('=') && cookie !== '')
      notes.push(`Cookies of the file ${cookie} were not read. Write them under headers, as cookie.`)
    return cookie.includes('=')
  })
  if (cookies.length > 0) add('cookie', cookies.join('; '))
  const bearer = given.last('oauth2-bearer')
  const user = given.last('user') ?? credentials
  if (bearer !== undefined) add('authorization', `Bearer ${bearer}`)
  else if (user !== undefined && !authorized)
    add('authorization', `Basic ${base64(withPassword(user, notes))}`)
  if (given.has('json')) {
    add('content-type', 'application/json')
    add('accept', 'application/json')
  }
  return { headers, removed }
}

function withPassword(user: string, notes: string[]): string {
  if (user.includes(':')) return user
  notes.push('--user has no password, for which curl asks: an empty one was written.')
  return `${user}:`
}
