import { EzError } from '@ez/core'

/** What a request is about, as it is signed. */
export interface Resource {
  /** `dbs`, `colls`, `docs`, …; empty for the account. */
  readonly type: string
  /** By name: the path, case kept. By RID: the RID alone, lower case. Empty for feeds of the account. */
  readonly link: string
}

// The RID of a database: four bytes in base64, with `-` for `/`. All RIDs of a path come together.
const databaseRid = /^[A-Za-z0-9+-]{6}==$/
const roots = new Set(['dbs', 'offers', 'media'])

/**
 * Derives type and link from the URL (REST API, "Access control on Azure Cosmos DB resources").
 *
 * A path that ends in a type is a feed: listing, creation and queries are signed with the parent's link.
 *
 * @throws EZ_COSMOS_RESOURCE_UNKNOWN when the path is none of the REST API
 */
export function deriveResource(url: string, linkBy?: 'name' | 'rid'): Resource {
  let segments = pathSegments(url)
  if (segments.length === 0) return { type: '', link: '' }
  if (!roots.has(segments[0] as string)) throw unknown(`the path begins with "${segments[0]}"`)
  // `…/colls/{id}/operations/partitionkeydelete` is an operation on the container itself.
  if (segments.length % 2 === 0 && segments.at(-2) === 'operations') segments = segments.slice(0, -2)
  const { length } = segments
  const isFeed = length % 2 === 1
  return {
    type: segments[isFeed ? length - 1 : length - 2] as string,
    link: linkOf(isFeed ? segments.slice(0, -1) : segments, linkBy),
  }
}

/** Brings a link that was given into the form that is signed. */
export function normalizeLink(link: string, linkBy?: 'name' | 'rid'): string {
  const trimmed = link.replace(/^\/+|\/+$/g, '')
  return trimmed === '' ? '' : linkOf(trimmed.split('/'), linkBy)
}

function linkOf(path: readonly string[], linkBy: 'name' | 'rid' | undefined): string {
  const [root, database] = path
  const byRid =
    linkBy === undefined
      ? root !== 'dbs' || path.length === 1 || databaseRid.test(database as string)
      : linkBy === 'rid'
  return byRid ? (path.at(-1) ?? '').toLowerCase() : path.join('/')
}

function pathSegments(url: string): string[] {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start === -1) return []
  const path = url
    .slice(start)
    .replace(/[?#].*$/s, '')
    .replace(/^\/+|\/+$/g, '')
  if (path === '') return []
  try {
    // An id is signed decoded: `%20` as a space, `%2520` as `%20`; a `+` in a path is a plus.
    return path.split('/').map((segment) => (segment.includes('%') ? decodeURIComponent(segment) : segment))
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
