import { EzError, type RequestTemplate } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'

/** Where items are. */
export interface CosmosContainer {
  /** Of the account: `https://account.documents.azure.com`. */
  readonly endpoint: string
  /** Id of the database. */
  readonly database: string
  /** Id of the container. */
  readonly container: string
}

/** A component of a partition key; `undefined` for an item that has none. */
export type PartitionKeyPart = string | number | boolean | null | undefined

/** A partition key; an array for a hierarchical one. */
export type PartitionKey = PartitionKeyPart | readonly PartitionKeyPart[]

/** A query for items. */
export interface ItemQuery {
  /** SQL, with `@names` for the parameters. */
  readonly query: string
  /** Values of the `@names` in the query. */
  readonly parameters?: readonly { readonly name: string; readonly value: unknown }[]
  /** Left out, the query goes to all partitions. */
  readonly partitionKey?: PartitionKey
  /** Items of a page. */
  readonly maxItemCount?: number
  /** `x-ms-continuation` of the page before. */
  readonly continuation?: string
}

/**
 * The URL of a resource; names may hold any character but a slash.
 *
 * @throws EZ_OPTION_INVALID for a name that is empty, which would lead to what holds the resource
 *
 * @example
 * ```ts
 * import { resourceUrl } from '@ez/cosmos-auth'
 *
 * resourceUrl('https://account.documents.azure.com', 'dbs', 'My Db') // …/dbs/My%20Db
 * ```
 */
export function resourceUrl(endpoint: string, ...path: readonly string[]): string {
  return [endpoint.replace(/\/+$/, ''), ...path.map(segmentOf)].join('/')
}

function segmentOf(name: string): string {
  if (typeof name === 'string' && name !== '' && !/[/\\]/.test(name)) return encodeRfc3986(name)
  throw new EzError(
    'EZ_OPTION_INVALID',
    'cosmos-auth: an id must be text that is not empty and holds no slash.',
  )
}

/**
 * The value of `x-ms-documentdb-partitionkey`: a JSON array, in ASCII only.
 *
 * Source: REST API, "Common Azure Cosmos DB REST request headers".
 *
 * @throws EZ_OPTION_INVALID for a number that is not finite, which JSON would turn into null: another partition
 */
export function partitionKeyHeader(key: PartitionKey): string {
  const parts = Array.isArray(key) ? (key as readonly PartitionKeyPart[]) : [key as PartitionKeyPart]
  if (parts.some((part) => typeof part === 'number' && !Number.isFinite(part)))
    throw new EzError('EZ_OPTION_INVALID', 'cosmos-auth: a partition key must not be NaN or infinite.')
  const json = JSON.stringify(parts.map((part) => (part === undefined ? {} : part)))
  // Headers hold ASCII only; a brace in a text is escaped too, so that a template takes it literally.
  return json.replace(
    /[\u007f-\uffff]|\{(?!\})/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A template that creates an item, or with `upsert` replaces the one of the same id. */
export function createItem(
  at: CosmosContainer,
  item: Readonly<Record<string, unknown>>,
  partitionKey: PartitionKey,
  options: { readonly upsert?: boolean } = {},
): RequestTemplate {
  const upsert = options.upsert ? { 'x-ms-documentdb-is-upsert': 'True' } : {}
  return { ...template('POST', feedUrl(at), partitionKey, upsert), body: { json: item } }
}

/** A template that reads an item by its name. */
export function readItem(at: CosmosContainer, id: string, partitionKey: PartitionKey): RequestTemplate {
  return template('GET', itemUrl(at, id), partitionKey)
}

/** A template that replaces an item. */
export function replaceItem(
  at: CosmosContainer,
  item: Readonly<Record<string, unknown>> & { readonly id: string },
  partitionKey: PartitionKey,
): RequestTemplate {
  return { ...template('PUT', itemUrl(at, item.id), partitionKey), body: { json: item } }
}

/** A template that changes parts of an item. Source: REST API, "Patch Document". */
export function patchItem(
  at: CosmosContainer,
  id: string,
  partitionKey: PartitionKey,
  operations: readonly { readonly op: string; readonly path: string; readonly value?: unknown }[],
): RequestTemplate {
  const type = { 'content-type': 'application/json_patch+json' }
  return { ...template('PATCH', itemUrl(at, id), partitionKey, type), body: { json: { operations } } }
}

/** A template that deletes an item. */
export function deleteItem(at: CosmosContainer, id: string, partitionKey: PartitionKey): RequestTemplate {
  return template('DELETE', itemUrl(at, id), partitionKey)
}

/**
 * A template that queries items.
 *
 * Source: REST API, "Query Documents".
 *
 * @example
 * ```ts
 * import { queryItems } from '@ez/cosmos-auth'
 *
 * const template = queryItems(
 *   { endpoint: 'https://account.documents.azure.com', database: 'Shop', container: 'Orders' },
 *   { query: 'SELECT * FROM c WHERE c.total > @total', parameters: [{ name: '@total', value: 100 }] },
 * )
 * console.log(template.headers)
 * ```
 */
export function queryItems(at: CosmosContainer, query: ItemQuery): RequestTemplate {
  const { maxItemCount, continuation } = query
  const headers: Record<string, string> = {
    'content-type': 'application/query+json',
    'x-ms-documentdb-isquery': 'True',
    ...('partitionKey' in query
      ? { 'x-ms-documentdb-partitionkey': partitionKeyHeader(query.partitionKey) }
      : { 'x-ms-documentdb-query-enablecrosspartition': 'True' }),
    ...(maxItemCount !== undefined && { 'x-ms-max-item-count': String(maxItemCount) }),
    ...(continuation !== undefined && { 'x-ms-continuation': continuation }),
  }
  return {
    name: 'query',
    method: 'POST',
    url: feedUrl(at),
    headers,
    body: { json: { query: query.query, parameters: query.parameters ?? [] } },
  }
}

function template(
  method: string,
  url: string,
  partitionKey: PartitionKey,
  headers: Record<string, string> = {},
): RequestTemplate {
  return {
    method,
    url,
    headers: { 'x-ms-documentdb-partitionkey': partitionKeyHeader(partitionKey), ...headers },
  }
}

function feedUrl({ endpoint, database, container }: CosmosContainer): string {
  return resourceUrl(endpoint, 'dbs', database, 'colls', container, 'docs')
}

function itemUrl(at: CosmosContainer, id: string): string {
  return `${feedUrl(at)}/${segmentOf(id)}`
}
