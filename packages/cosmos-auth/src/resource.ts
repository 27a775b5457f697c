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
/** The account itself. */
export const account: Resource = { type: '', link: '' }
const roots = ['dbs', 'offers', 'media']

/**
 * Derives type and link from the URL (REST API, "Access control on Azure Cosmos DB resources").
 *
 * A path that ends in a type is a feed: listing, creation and queries are signed with the parent's link.
 *
 * @throws EZ_COSMOS_RESOURCE_UNKNOWN when the path is none of the REST API
 * @throws EZ_URL_NOT_SENDABLE when a name in the path is empty, which would make the request one for the parent
 */
export function deriveResource(url: string, linkBy?: 'name' | 'rid'): Resource {
  const path = pathOf(url)
  if (path === '') return account
  const segments = path.split('/')
  if (!roots.includes(segments[0] as string)) throw unknown(`it begins with "${segments[0]}"`)
  // `…/colls/{id}/operations/partitionkeydelete` is an operation on the container itself.
  if (segments.length % 2 === 0 && segments.at(-2) === 'operations') segments.splice(-2)
  const isFeed = segments.length % 2 === 1
  const type = segments.at(isFeed ? -1 : -2) as string
  if (isFeed) segments.pop()
  return { type, link: linkOf(decode(segments.join('/')), linkBy) }
}

/** Brings a link that was given into the form that is signed. */
export function normalizeLink(link: string, linkBy?: 'name' | 'rid'): string {
  return linkOf(trimSlashes(link), linkBy)
}

function pathOf(url: string): string {
  const path = url.replace(/^[^:]*:\/\/[^/?#]*\/?|[?#].*$/gs, '')
  if (!path.split('/').includes('') || path === '') return path
  throw new EzError(
    'EZ_URL_NOT_SENDABLE',
    'cosmos-auth: a name in the path is empty, so the request would reach what contains it. Fill it in, and leave out slashes at the end.',
  )
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}

function linkOf(path: string, linkBy: 'name' | 'rid' = kindOf(path)): string {
  return linkBy === 'name' ? path : path.slice(path.lastIndexOf('/') + 1).toLowerCase()
}

function kindOf(path: string): 'name' | 'rid' {
  return path.startsWith('dbs/') && !ridPath.test(path) ? 'name' : 'rid'
}

// An id is signed decoded: `%20` as a space, `%2520` as `%20`; a `+` in a path is a plus.
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw unknown('an escape in it is not UTF-8')
  }
}

function unknown(reason: string): EzError {
  return new EzError(
    'EZ_COSMOS_RESOURCE_UNKNOWN',
    `cosmos-auth: the URL does not tell the resource: ${reason}. Set resourceType and resourceLink.`,
  )
}
