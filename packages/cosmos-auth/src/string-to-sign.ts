import type { Resource } from './resource.ts'

/**
 * The text that is signed: verb, type and date in lower case, the link as it is.
 *
 * The fifth line would hold the `Date` header of a request without `x-ms-date`; ours always has one.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources", constructing the hashed token signature.
 *
 * @param lowerCaseDate the value of `x-ms-date` (RFC 1123), in lower case
 */
export function createStringToSign(method: string, resource: Resource, lowerCaseDate: string): string {
  return `${method.toLowerCase()}\n${resource.type.toLowerCase()}\n${resource.link}\n${lowerCaseDate}\n\n`
}
