import type { HttpDate } from './date.ts'
import type { Resource } from './resource.ts'

/**
 * The text that is signed: verb, type and date in lower case, the link as it is.
 *
 * The fifth line would hold the `Date` header of a request without `x-ms-date`; ours always has one.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources", constructing the hashed token signature.
 */
export function createStringToSign(method: string, { type, link }: Resource, date: HttpDate): string {
  return firstLinesOf(method, type) + link + date.lastLines
}

/** Verb and resource type. */
export function firstLinesOf(method: string, type: string): string {
  return `${method.toLowerCase()}\n${type.toLowerCase()}\n`
}
