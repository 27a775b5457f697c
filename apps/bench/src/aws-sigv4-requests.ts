import type { ResolvedRequest, SignContext } from '@ez/core'

/** AWS's published example. */
export const credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const ringSize = 1024
/** The first instant, in milliseconds. */
export const start: number = Date.UTC(2026, 0, 15, 12, 36)

/** A clock that moves by some milliseconds at every call. */
export function movingContext(): (index: number) => SignContext {
  return (index) => {
    const now = new Date(start + index * 7)
    return { now: () => now, nonce: () => '' }
  }
}

/** More requests than any cache of whole requests would hold. */
export function ring(make: (index: number) => ResolvedRequest): ResolvedRequest[] {
  return Array.from({ length: ringSize }, (_, index) => make(index))
}

/** A POST of SP-API. */
export function post(index: number): ResolvedRequest {
  const text = JSON.stringify({
    reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL',
    dataStartTime: '2026-01-14T00:00:01Z',
    marketplaceIds: ['ATVPDKIKX0DER', String(index)],
    padding: 'x'.repeat(400),
  }).slice(0, 300)
  return {
    method: 'POST',
    url: `https://sellingpartnerapi-na.amazon.com/reports/2021-06-30/reports/${index}`,
    headers: [['content-type', 'application/json']],
    body: new TextEncoder().encode(text),
  }
}

/** A GET of SP-API with five parameters. */
export function get(index: number): ResolvedRequest {
  const query = `MarketplaceIds=ATVPDKIKX0DER&CreatedAfter=2026-01-01T00%3A00%3A00Z&OrderStatuses=Unshipped&MaxResultsPerPage=${index}&NextToken=abc`
  return {
    method: 'GET',
    url: `https://sellingpartnerapi-na.amazon.com/orders/v0/orders?${query}`,
    headers: [],
    body: null,
  }
}
