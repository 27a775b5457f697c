import { EzError } from '@ez/core'

/** What a request is about, as it is signed. */
export interface Resource {
  /** `dbs`, `colls`, `docs`, …; empty for the account. */
  readonly type: string
  /** By name: the path, case kept. By RID: the RID alone, lower case. Empty for feeds of the account. */
  readonly link: string
}

// The RID of a database: four bytes in base64, with `-` for `/`. All RIDs of a path come together.
const ridPath = /^dbs\/[A-Za-z0-9+-]{6}==(?:\/|$)/
const root = /^(?:dbs|offers|media)(?:\/|$)/
const slash = 47

/**
 * Derives type and link from the URL (REST API, "Access control on Azure Cosmos DB resources").
 *
 * A path that ends in a type is a feed: listing, creation and queries are signed with the parent's link.
 *
 * @throws EZ_COSMOS_RESOURCE_UNKNOWN when the path is none of the REST API
 */
export function deriveResource(url: string, linkBy?: 'name' | 'rid'): Resource {
  const path = pathOf(url)
  if (path === '') return { type: '', link: '' }
  if (!path.startsWith('dbs/') && !root.test(path))
    throw unknown(`the path begins with "${path.split('/')[0]}"`)
  return resourceAt(path, linkBy)
}

// Looks for the slashes instead of splitting at them: this runs at every request.
function resourceAt(path: string, linkBy: 'name' | 'rid' | undefined): Resource {
  let segments = 1
  let beforeLast = -1
  let last = -1
  for (let index = path.indexOf('/'); index !== -1; index = path.indexOf('/', index + 1)) {
    beforeLast = last
    last = index
    segments += 1
  }
  if (segments % 2 === 1) {
    const parent = last === -1 ? '' : path.slice(0, last)
    return { type: path.slice(last + 1), link: linkOf(decode(parent), linkBy) }
  }
  const type = path.slice(beforeLast + 1, last)
  // `…/colls/{id}/operations/partitionkeydelete` is an operation on the container itself.
  if (type === 'operations') return resourceAt(path.slice(0, beforeLast), linkBy)
  return { type, link: linkOf(decode(path), linkBy) }
}

/** Brings a link that was given into the form that is signed. */
export function normalizeLink(link: string, linkBy?: 'name' | 'rid'): string {
  return linkOf(trimSlashes(link, 0, link.length), linkBy)
}

function linkOf(path: string, linkBy: 'name' | 'rid' | undefined): string {
  return (linkBy ?? kindOf(path)) === 'name' ? path : path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

function kindOf(path: string): 'name' | 'rid' {
  if (!path.startsWith('dbs/')) return 'rid'
  return path.startsWith('==', 10) && ridPath.test(path) ? 'rid' : 'name'
}

/** The path without the slashes at its ends, as it is on the wire. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return ''
  const query = url.indexOf('?', start)
  const fragment = url.indexOf('#', start)
  const end = Math.min(query === -1 ? url.length : query, fragment === -1 ? url.length : fragment)
  return trimSlashes(url, start, end)
}

function trimSlashes(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && text.charCodeAt(start) === slash) start += 1
  while (end > start && text.charCodeAt(end - 1) === slash) end -= 1
  return text.slice(start, end)
}

// An id is signed decoded: `%20` as a space, `%2520` as `%20`; a `+` in a path is a plus.
function decode(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    throw unknown('the path holds a percent triplet that is not UTF-8')
  }
}

function unknown(reason: string): EzError {
  return new EzError(
    'EZ_COSMOS_RESOURCE_UNKNOWN',
    `cosmos-auth: type and link cannot be derived from the URL: ${reason}. Set resourceType and resourceLink.`,
  )
}
