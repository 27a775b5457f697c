import type { Pairs, ResolvedRequest, SignContext, Signer, SignResult } from '@ez/core'
import { authorizeByMasterKey } from './authorization-header.ts'
import { type Authorizer, createAuthorizerCache } from './credentials.ts'
import { formatHttpDate, type HttpDate } from './date.ts'
import { diagnoseCosmos } from './diagnose.ts'
import {
  type CosmosAuthOptions,
  type CosmosCredentials,
  checkCosmosCredentials,
  checkCosmosOptions,
} from './options.ts'
import { createPayload, type Payload, payloadOf } from './payload.ts'
import { account, deriveResource, normalizeLink } from './resource.ts'
import { createSignature } from './signature.ts'

export const id = 'cosmos-auth'
const noQuery: Pairs = []

/**
 * A signer for the REST API of Azure Cosmos DB for NoSQL: master key, resource token or Entra token.
 *
 * Resource type and link come from the URL unless they are given; links by name and by RID are told
 * apart. It writes `authorization`, `x-ms-date` and `x-ms-version`. Query string and body are not signed.
 *
 * Source: REST API, "Access control on Azure Cosmos DB resources".
 *
 * @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING, EZ_CREDENTIAL_INVALID when it is created
 * @throws EZ_COSMOS_RESOURCE_UNKNOWN, EZ_URL_NOT_SENDABLE (an id that is empty) when it signs
 *
 * @example
 * ```ts
 * import { prepare } from '@ez/core'
 * import { cosmosAuth } from '@ez/cosmos-auth'
 *
 * const prepared = await prepare({
 *   method: 'GET',
 *   url: 'https://account.documents.azure.com/dbs/ToDoList',
 *   preRequest: [
 *     cosmosAuth({
 *       masterKey: 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==',
 *     }),
 *   ],
 * })
 * console.log(prepared.toCurl({ mask: true }))
 * ```
 */
export function cosmosAuth(options: CosmosAuthOptions): Signer {
  checkCosmosOptions(id, options)
  const { credentials, resourceType, resourceLink, linkBy, version = '2020-07-15' } = options
  const link = resourceLink === undefined ? undefined : normalizeLink(resourceLink, linkBy)
  const authorizerOf = createAuthorizerCache(id)
  const own = credentials ? undefined : authorizerOf(options)

  // What the options say, the URL need not tell.
  function createOwnPayload({ method, url }: ResolvedRequest, date: HttpDate): Payload {
    if (resourceType === undefined && link === undefined && linkBy === undefined)
      return createPayload(method, url, date)
    const derived = resourceType === undefined || link === undefined ? deriveResource(url, linkBy) : account
    return payloadOf(method, { type: resourceType ?? derived.type, link: link ?? derived.link }, date)
  }

  function signWith(authorizer: Authorizer, request: ResolvedRequest, context: SignContext): SignResult {
    const date = formatHttpDate(context.now())
    const { key, header, secrets } = authorizer
    if (header !== undefined) return { patch: createPatch(header, date.text, version), trace: [], secrets }
    const { text, signed } = createOwnPayload(request, date)
    const signature = createSignature(key, signed)
    return {
      patch: createPatch(authorizeByMasterKey(signature), date.text, version),
      trace: [
        { id: 'string-to-sign', value: text },
        { id: 'signature', value: signature },
      ],
      secrets,
    }
  }

  return {
    specVersion: 1,
    id,
    writes: {
      headers: ['authorization', 'x-ms-date', ...(version === null ? [] : ['x-ms-version'])],
      query: [],
    },
    diagnose: diagnoseCosmos,
    sign(request, context) {
      if (own) return signWith(own, request, context)
      const given = (credentials as NonNullable<typeof credentials>)(context)
      const withGiven = (value: CosmosCredentials): SignResult => {
        checkCosmosCredentials(id, value)
        return signWith(authorizerOf(value), request, context)
      }
      // Any thenable is waited for: what gives credentials need not know this realm's `Promise`.
      return (given as Partial<Promise<CosmosCredentials>> | null)?.then
        ? Promise.resolve(given).then(withGiven)
        : withGiven(given as CosmosCredentials)
    },
  }
}

function createPatch(authorization: string, date: string, version: string | null): SignResult['patch'] {
  const headers =
    version === null
      ? { authorization, 'x-ms-date': date }
      : { authorization, 'x-ms-date': date, 'x-ms-version': version }
  return { headers, query: noQuery }
}
