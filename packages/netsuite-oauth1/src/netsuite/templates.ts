import { type BodyTemplate, EzError, type RequestTemplate, type TemplateValue } from '@ez/core'
import { encodeRfc3986 } from '@ez/core/crypto'
import { hostLabelOf } from './account.ts'

type Query = Record<string, TemplateValue>

/** What a page of SuiteQL rows is. */
export interface SuiteQlPage {
  /** Rows, 1 to 1000 (default 1000). */
  readonly limit?: number
  /** Rows before the page; a multiple of `limit` (default 0). */
  readonly offset?: number
}

/**
 * A template that runs a SuiteQL query and returns one page of rows.
 *
 * Source: Oracle NetSuite Help, "Executing SuiteQL Queries Through REST Web Services".
 *
 * @param accountId `1234567_SB1` or `1234567-sb1`
 * @param query may hold `{{variables}}`
 * @throws EZ_OPTION_INVALID for a page that NetSuite would refuse
 *
 * @example
 * ```ts
 * import { suiteQl } from '@ez/netsuite-oauth1'
 *
 * const template = suiteQl('1234567_SB1', 'SELECT id, email FROM customer', { limit: 100, offset: 200 })
 * console.log(template.url)
 * ```
 */
export function suiteQl(accountId: string, query: string, page: SuiteQlPage = {}): RequestTemplate {
  const { limit = 1000, offset = 0 } = page
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw invalid('limit must be a whole number from 1 to 1000')
  if (!Number.isInteger(offset) || offset < 0 || offset % limit !== 0)
    throw invalid('offset must be a multiple of limit')
  return {
    name: 'SuiteQL',
    method: 'POST',
    url: `${suiteTalk(accountId)}/services/rest/query/v1/suiteql`,
    query: { limit, offset },
    // Without it NetSuite refuses the query.
    headers: { prefer: 'transient' },
    body: { json: { q: query } },
  }
}

/** What a record request holds besides the record's type. */
export interface RestRecordParts {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Internal ID, or `eid:` and an external ID; none for a list or to create. */
  readonly id?: string | number
  /** What comes after the id, such as `!transform/invoice` or `item`. */
  readonly below?: string
  /** Names and values of the query; percent-encoded when they are sent. */
  readonly query?: Query
  /** Sent as JSON. */
  readonly body?: unknown
}

/**
 * A template for a record of the REST record service.
 *
 * Source: Oracle NetSuite Help, "REST Web Services Record Actions".
 *
 * @param accountId `1234567_SB1` or `1234567-sb1`
 * @param type such as `customer`
 * @throws EZ_OPTION_INVALID for an empty type or id: the URL would be that of a list
 *
 * @example
 * ```ts
 * import { restRecord } from '@ez/netsuite-oauth1'
 *
 * const template = restRecord('1234567', 'customer', { id: 123, query: { expandSubResources: true } })
 * console.log(template.url)
 * ```
 */
export function restRecord(accountId: string, type: string, parts: RestRecordParts = {}): RequestTemplate {
  const { method = 'GET', id, below, query, body } = parts
  // `:` stands in `eid:…`, and `!` and `/` belong to the path below a record.
  const segments = [encodeRfc3986(nameOf(type, 'the type of a record'))]
  if (id !== undefined) segments.push(encodeRfc3986(nameOf(id, 'the id of a record')).replaceAll('%3A', ':'))
  if (below !== undefined) segments.push(below)
  return {
    name: `${method} ${type}`,
    method,
    url: `${suiteTalk(accountId)}/services/rest/record/v1/${segments.join('/')}`,
    ...(query && { query }),
    ...jsonBody(body),
  }
}

/** Which script a RESTlet request calls, and with what. */
export interface RestletParts {
  /** Internal ID or `customscript_…`. */
  readonly script: string | number
  /** Internal ID or `customdeploy_…`. */
  readonly deploy: string | number
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Names and values of the query beside `script` and `deploy`. */
  readonly query?: Query
  /** Sent as JSON; with `GET` and `DELETE` NetSuite takes none. */
  readonly body?: unknown
}

/**
 * A template that calls a RESTlet. `script` and `deploy` are query parameters: signed, and never in the header.
 *
 * Source: Oracle NetSuite Help, "Authentication for RESTlets".
 *
 * @param accountId `1234567_SB1` or `1234567-sb1`
 * @throws EZ_OPTION_INVALID for an empty script or deployment, and for a body that NetSuite would refuse
 *
 * @example
 * ```ts
 * import { restlet } from '@ez/netsuite-oauth1'
 *
 * const template = restlet('1234567', { script: 6, deploy: 1, method: 'POST', body: { id: 5 } })
 * console.log(template.url)
 * ```
 */
export function restlet(accountId: string, parts: RestletParts): RequestTemplate {
  const { script, deploy, method = 'GET', query, body } = parts
  if (body !== undefined && (method === 'GET' || method === 'DELETE'))
    throw invalid(`a RESTlet takes no body with ${method}; give it as query`)
  return {
    name: `RESTlet ${script}`,
    method,
    url: `${restlets(accountId)}/app/site/hosting/restlet.nl`,
    query: { script: nameOf(script, 'script'), deploy: nameOf(deploy, 'deploy'), ...query },
    ...jsonBody(body),
  }
}

/** The text of an internal ID or a name, which is never empty. @throws EZ_OPTION_INVALID */
function nameOf(value: string | number, name: string): string {
  const isName =
    typeof value === 'number' ? Number.isSafeInteger(value) : typeof value === 'string' && value !== ''
  if (isName) return String(value)
  throw invalid(`${name} must be a whole number, or text that is not empty`)
}

/** The account's origin for RESTlets and the TBA endpoints. */
export function restlets(accountId: string): string {
  return `https://${hostLabelOf(accountId)}.restlets.api.netsuite.com`
}

function suiteTalk(accountId: string): string {
  return `https://${hostLabelOf(accountId)}.suitetalk.api.netsuite.com`
}

function jsonBody(body: unknown): { body?: BodyTemplate } {
  return body === undefined ? {} : { body: { json: body } }
}

function invalid(reason: string): EzError {
  return new EzError('EZ_OPTION_INVALID', `netsuite-oauth1: ${reason}.`)
}
