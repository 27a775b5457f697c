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
const account: Resource = { type: '', link: '' }

/**
 * Derives type and link from the URL (REST API, "Access control on Azure Cosmos DB resources").
 *
 * A path that ends in a type is a feed: listing, creation and queries are signed with the parent's link.
 *
 * @throws EZ_COSMOS_RESOURCE_UNKNOWN when the path is none of the REST API
 */
export function deriveResource(url: string, linkBy?: 'name' | 'rid'): Resource {
  let start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return account
  let end = Math.min(indexOrEnd(url, '?', start), indexOrEnd(url, '#', start))
  while (start < end && url.charCodeAt(start) === slash) start += 1
  while (start < end && url.charCodeAt(end - 1) === slash) end -= 1
  if (start === end) return account
  if (!url.startsWith('dbs/', start) && !root.test(url.slice(start, end)))
    throw unknown(`it begins with "${url.slice(start, end).split('/')[0]}"`)
  return resourceBetween(url, start, end, linkBy)
}

// One pass instead of a split: this runs at every request.
function resourceBetween(url: string, start: number, end: number, linkBy?: 'name' | 'rid'): Resource {
  let segments = 1
  let beforeLast = start - 1
  let last = start - 1
  for (let index = start; index < end; index += 1)
    if (url.charCodeAt(index) === slash) {
      beforeLast = last
      last = index
      segments += 1
    }
  if (segments % 2 === 1)
    return { type: url.slice(last + 1, end), link: linkOf(decode(url.slice(start, last)), linkBy) }
  const type = url.slice(beforeLast + 1, last)
  // `…/colls/{id}/operations/partitionkeydelete` is an operation on the container itself.
  if (type === 'operations') return resourceBetween(url, start, beforeLast, linkBy)
  return { type, link: linkOf(decode(url.slice(start, end)), linkBy) }
}

/** Brings a link that was given into the form that is signed. */
export function normalizeLink(link: string, linkBy?: 'name' | 'rid'): string {
  return linkOf(link.replace(/^\/+|\/+$/g, ''), linkBy)
}

function linkOf(path: string, linkBy: 'name' | 'rid' | undefined): string {
  return (linkBy ?? kindOf(path)) === 'name' ? path : path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

function kindOf(path: string): 'name' | 'rid' {
  if (!path.startsWith('dbs/')) return 'rid'
  return path.startsWith('==', 10) && ridPath.test(path) ? 'rid' : 'name'
}

function indexOrEnd(text: string, character: string, start: number): number {
  const index = text.indexOf(character, start)
  return index === -1 ? text.length : index
}

// An id is signed decoded: `%20` as a space, `%2520` as `%20`; a `+` in a path is a plus.
function decode(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    throw unknown('it holds a percent triplet that is not UTF-8')
  }
}

function unknown(reason: string): EzError {
  return new EzError(
    'EZ_COSMOS_RESOURCE_UNKNOWN',
    `cosmos-auth: type and link cannot be derived from the URL's path: ${reason}. Set resourceType and resourceLink.`,
  )
}
