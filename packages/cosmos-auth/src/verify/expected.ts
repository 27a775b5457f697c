import { fromBase64 } from '@ez/core/crypto'
import { refusal } from './refusal.ts'

/** What the gateway signs for a request, from the request alone. */
export interface Expected {
  readonly payload: string
  readonly type: string
  readonly link: string
  /** Whether the link is the whole path, and not a RID or the container of an operation. */
  readonly isPathSigned: boolean
}

/**
 * The payload that the gateway signs, and how much of the path it holds.
 *
 * A path that could be read as another one is refused: dot segments, an escaped slash in an id, empty names, types
 * that are not in lower case, RIDs that do not lie in each other.
 *
 * @throws EZ_REQUEST_INVALID, EZ_AUTHORIZATION_INVALID
 */
export function expectedOf(
  method: string,
  url: URL,
  calledUrl: string,
  xMsDate: string | undefined,
  date: string,
): Expected {
  const [, called = ''] = /^[^:]+:\/\/[^/?#]*([^?#]*)/s.exec(calledUrl) ?? []
  if (called !== '' && called !== url.pathname)
    throw unclear('it has dot segments, or characters that are not percent-encoded')
  // Clients write slashes at both ends; the gateway does not count them.
  const inner = url.pathname.replace(/^\/+|\/+$/g, '')
  const parts = inner === '' ? [] : inner.split('/').map(decoded)
  if (parts.some((part) => part === '' || /[/\\\r\n]/.test(part)))
    throw unclear('a name in it is empty, or holds a slash or a line break')
  const isOperation = parts.length === 6 && parts[4] === 'operations'
  const named = isOperation ? parts.slice(0, 4) : parts
  // Types stand at even places, ids at odd ones.
  const typeIndex = named.length === 0 ? -1 : named.length - 1 - ((named.length - 1) % 2)
  const type = named[typeIndex] ?? ''
  if (named.some((part, index) => index % 2 === 0 && !/^[a-z]+$/.test(part)))
    throw unclear('a type in it is not in lower case')
  const target = named.length % 2 === 0 ? named : named.slice(0, typeIndex)
  const rids = target.filter((_, index) => index % 2 === 1)
  const byRid = target.length > 0 && (target[0] !== 'dbs' || isDatabaseRid(target[1] ?? ''))
  if (byRid && target[0] === 'dbs') checkNesting(rids)
  const link = byRid ? (target.at(-1) ?? '').toLowerCase() : target.join('/')
  const dates = xMsDate === undefined ? ['', date] : [xMsDate, '']
  const lines = [method.toLowerCase(), type, link, ...dates.map((line) => line.toLowerCase()), '']
  // What is signed for an operation of a container is what is signed for a POST to the container itself.
  const maybeOperation = isOperation || (named.length === 4 && method.toLowerCase() === 'post')
  return { payload: lines.join('\n'), type, link, isPathSigned: !byRid && !maybeOperation }
}

function isDatabaseRid(id: string): boolean {
  // A database's RID is four bytes; `-` stands for `/` in it.
  return id.length === 8 && bytesOf(id)?.length === 4
}

function bytesOf(rid: string): Uint8Array | undefined {
  return fromBase64(rid.replaceAll('-', '/'))
}

// Only the last RID is signed; each one begins with the bytes of what holds it.
function checkNesting(rids: readonly string[]): void {
  const bytes = rids.map(bytesOf)
  const nest = bytes.every((inner, index) => {
    const outer = bytes[index - 1]
    return inner && (!outer || (inner.length > outer.length && outer.every((byte, at) => inner[at] === byte)))
  })
  if (!nest) throw unclear('the RIDs in it do not lie in each other, and only the last one is signed')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw refusal('EZ_AUTHORIZATION_INVALID', 'the path holds a percent triplet that is not UTF-8.')
  }
}

function unclear(why: string): Error {
  return refusal('EZ_REQUEST_INVALID', `the path could be read as another one: ${why}.`)
}
