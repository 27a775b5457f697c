import type { RequestValue } from '../model/request-value.ts'
import { isSecretName } from '../source/secret-name.ts'
import { Credentials, isCredentialPair, isWritten } from './credentials.ts'
import { hiddenBody } from './hidden-body.ts'
import { hiddenHeader } from './hidden-header.ts'
import { hiddenQuery } from './hidden-query.ts'
import { hiddenValues, type Take } from './hidden-values.ts'
import type { ImportedRequest } from './imported-request.ts'
import { withSigner } from './signed/with-signer.ts'

/** Imported requests in which variables stand for credentials, and what those variables were. */
export interface HiddenCredentials {
  /** The requests, with variables in the place of credentials. */
  readonly imported: readonly ImportedRequest[]
  /** By the names of the variables; for a file of its own, apart from the requests. */
  readonly credentials: Readonly<Record<string, string>>
}

/**
 * Puts variables in the place of credentials that an import found, and signers in the place of signatures that another
 * client made: a signature cannot be sent again, and a credential does not belong in a file that is shared.
 *
 * Looked at are `authorization`, cookies, headers, query pairs, form fields, JSON and variables whose names say so, and
 * AWS Signature Version 4 (header or presigned URL), OAuth 1.0a, Azure SharedKey, Cosmos DB and HTTP Digest.
 *
 * @example
 * const { imported, credentials } = hideCredentials(readCurl(`curl -H 'x-api-key: abc' https://api.example.com/`))
 * imported[0]?.request.headers // { 'x-api-key': '{{x_api_key}}' }
 * credentials // { x_api_key: 'abc' }
 */
export function hideCredentials(imported: readonly ImportedRequest[]): HiddenCredentials {
  const credentials = new Credentials()
  // What readers took out themselves keeps its name.
  for (const { credentials: known = {} } of imported)
    for (const [name, value] of Object.entries(known)) credentials.name(name, value)
  const hidden = imported.map((entry) => hide(entry, credentials))
  return { imported: hidden, credentials: credentials.values }
}

function hide(entry: ImportedRequest, credentials: Credentials): ImportedRequest {
  const places: string[] = []
  const variables: Record<string, unknown> = {}
  const take: Take = (place, wanted, value) => {
    const name = credentials.name(wanted, value)
    places.push(`${name} (${place})`)
    return `{{${name}}}`
  }
  const { request, notes } = withSigner(entry.request, credentials)
  const { url, query, headers, body, variables: given } = request
  for (const [name, value] of Object.entries(given ?? {}))
    if (isSecretName(name) && isWritten(value)) {
      credentials.name(name, value)
      places.push(`${name} (a variable)`)
    } else variables[name] = value
  const pairs = headers && (Array.isArray(headers) ? headers : Object.entries(headers))
  const shownHeaders = pairs?.map(([name, value]): [string, string] => [
    name,
    isWritten(value) ? hiddenHeader(name, value, take, variables) : value,
  ])
  const result: RequestValue = {
    ...request,
    ...(url !== undefined && { url: hiddenQuery(url, take) }),
    ...(query && { query: hiddenValues(query, isCredentialPair, 'query', take) }),
    ...(shownHeaders && {
      headers: Array.isArray(headers) ? shownHeaders : Object.fromEntries(shownHeaders),
    }),
    ...(body && { body: hiddenBody(body, take) }),
  }
  const { variables: _, ...plain } = result
  const whole = Object.keys(variables).length === 0 ? plain : { ...plain, variables }
  const said =
    places.length === 0 ? [] : [`Credentials were not copied. Set ${[...new Set(places)].join(', ')}.`]
  return { ...entry, request: whole, notes: [...entry.notes, ...notes, ...said] }
}
