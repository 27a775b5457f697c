import { gzipSync } from 'node:zlib'
import type { Received, Reply, Vendor } from './vendor.ts'
import { isCosmosSigned, isOAuthSigned, isS3Signed } from './vendor-signatures.ts'

type Handler = Vendor['handle']

/** Keys and secrets of the vendors, as recipes ask for them; every one is a published example or made up. */
export const secrets: Readonly<Record<string, string>> = {
  lwa_client_id: 'amzn1.application-oa2-client.example',
  lwa_client_secret: 'example-secret-of-the-application',
  lwa_refresh_token: 'Atzr|example-refresh-token',
  consumer_key: 'CONSUMER_KEY_VALUE',
  consumer_secret: 'CONSUMER_SECRET_VALUE',
  token_id: 'TOKEN_ID_VALUE',
  token_secret: 'TOKEN_SECRET_VALUE',
  master_key: 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==',
  access_key: 'AKIDEXAMPLE',
  secret_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  access_token: 'example-access-token',
}
const refused: Reply = { status: 401, json: { error: 'not authorized' } }

/** A report that is ready at the third look; its document lies packed at a presigned URL, which takes no token. */
export function sellingPartner(files: () => string): Handler {
  let looks = 0
  return ({ method, url, headers, body }) => {
    if (url === '/auth/o2/token') {
      const form = Object.fromEntries(new URLSearchParams(body.toString()))
      const isKnown =
        form.grant_type === 'refresh_token' &&
        form.refresh_token === secrets.lwa_refresh_token &&
        form.client_secret === secrets.lwa_client_secret
      return isKnown
        ? { json: { access_token: 'Atza|example', token_type: 'bearer', expires_in: 3600 } }
        : refused
    }
    // Since October 2023 a signature is ignored; a recipe that sends one leads people astray.
    if (headers['x-amz-access-token'] !== 'Atza|example' || headers.authorization !== undefined)
      return refused
    if (method === 'POST') {
      const { dataStartTime, marketplaceIds } = JSON.parse(body.toString()) as Record<string, unknown>
      const isValid =
        /^\d{4}-\d\d-\d\dT00:00:00Z$/.test(String(dataStartTime)) && Array.isArray(marketplaceIds)
      return isValid ? { status: 202, json: { reportId: '54321' } } : { status: 400, json: {} }
    }
    if (url.endsWith('/reports/54321')) {
      looks += 1
      return {
        json:
          looks < 3
            ? { processingStatus: 'IN_PROGRESS' }
            : { processingStatus: 'DONE', reportDocumentId: 'D1' },
      }
    }
    return { json: { url: `${files()}/report?X-Amz-Signature=abc%2Fdef`, compressionAlgorithm: 'GZIP' } }
  }
}

/** The presigned place of the report. */
export const reportFiles: Handler = ({ url, headers }) =>
  url === '/report?X-Amz-Signature=abc%2Fdef' && headers['x-amz-access-token'] === undefined
    ? { headers: { 'content-type': 'text/plain' }, body: gzipSync(report) }
    : refused
export const report = 'amazon-order-id\tpurchase-date\n902-1\t2026-03-03T10:00:00Z\n'

/** So many customers, at most 1,000 a page. */
export function netsuite(total: number, base: () => string): Handler {
  return (request) => {
    if (!isOAuthSigned(request, base(), secrets.consumer_secret ?? '', secrets.token_secret ?? ''))
      return refused
    const { searchParams } = new URL(request.url, base())
    const [limit, offset] = [Number(searchParams.get('limit')), Number(searchParams.get('offset'))]
    const { q } = JSON.parse(request.body.toString()) as { q: string }
    if (limit > 1000 || offset % limit !== 0 || !/ ORDER BY id$/.test(q)) return { status: 400, json: {} }
    const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => {
      const id = String(offset + index + 1)
      return { links: [], id, email: `c${id}@example.com`, lastmodifieddate: '2026-03-03' }
    })
    return {
      json: {
        items,
        hasMore: offset + items.length < total,
        count: items.length,
        offset,
        totalResults: total,
      },
    }
  }
}

/** Orders by continuation: the second page is empty, and not the end. */
export const cosmos: Handler = (request) => {
  if (!isCosmosSigned(request, secrets.master_key ?? '')) return refused
  if (request.headers['x-ms-documentdb-isquery'] !== 'True') return { status: 400, json: {} }
  const page = Number(request.headers['x-ms-continuation'] ?? '0')
  const counts = [100, 0, 100, 50]
  const documents = Array.from({ length: counts[page] ?? 0 }, (_, index) => ({
    id: `o${page}-${index}`,
    total: 101,
  }))
  const more = page + 1 < counts.length ? { 'x-ms-continuation': String(page + 1) } : undefined
  return { headers: { 'content-type': 'application/json', ...more }, json: { Documents: documents } }
}

/** A bucket: `total` objects to be listed 1,000 at a time and read, and objects that are put. */
export function bucket(total: number, stored: Map<string, string> = new Map()): Handler {
  return (request: Received) => {
    if (!isS3Signed(request, secrets.secret_key ?? '')) return { ...refused, status: 403 }
    const url = new URL(request.url, 'http://bucket')
    if (request.method === 'PUT') {
      stored.set(url.pathname, request.body.toString())
      return { body: '' }
    }
    if (url.pathname !== '/')
      return { headers: { 'content-type': 'binary/octet-stream' }, body: `body of ${url.pathname}` }
    const from = Number(url.searchParams.get('continuation-token') ?? '0')
    const keys = Array.from({ length: Math.min(1000, total - from) }, (_, index) => `orders-${from + index}`)
    const next =
      from + keys.length < total ? `<NextContinuationToken>${from + keys.length}</NextContinuationToken>` : ''
    const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>10</Size></Contents>`).join('')
    return {
      headers: { 'content-type': 'application/xml' },
      body: `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${next !== ''}</IsTruncated>${next}${contents}</ListBucketResult>`,
    }
  }
}

const isAuthorized = ({ headers }: Received): boolean =>
  headers.authorization === `Bearer ${secrets.access_token}`

/** A connection of 250 products; the last page has a cursor too. */
export const graphql: Handler = (request) => {
  if (!isAuthorized(request)) return refused
  const { variables } = JSON.parse(request.body.toString()) as { variables: { after: string | null } }
  if (variables.after === '') return { json: { errors: [{ message: 'after must be a cursor or null' }] } }
  const from = Number(variables.after ?? '0')
  const nodes = Array.from({ length: Math.min(100, 250 - from) }, (_, index) => ({
    id: `p${from + index}`,
    title: 'A',
  }))
  const pageInfo = { hasNextPage: from + nodes.length < 250, endCursor: String(from + nodes.length) }
  return { json: { data: { products: { nodes, pageInfo } } } }
}

/** A feed of 250 accounts by server-driven paging. */
export function odata(base: () => string): Handler {
  return (request) => {
    if (!isAuthorized(request)) return refused
    const url = new URL(request.url, base())
    if (url.searchParams.get('$filter') !== 'statecode eq 0') return { status: 400, json: {} }
    const from = Number(url.searchParams.get('$skiptoken') ?? '0')
    const value = Array.from({ length: Math.min(100, 250 - from) }, (_, index) => ({
      accountid: from + index,
      name: 'A, B',
    }))
    url.searchParams.set('$skiptoken', String(from + value.length))
    return { json: { value, ...(from + value.length < 250 && { '@odata.nextLink': url.href }) } }
  }
}
