import { createHmac } from 'node:crypto'
import type { ResolvedRequest, SignContext } from '@ez/core'
import { createHmacKey, hmac, randomAlphanumeric, sha256 } from '@ez/core/crypto'
import { netsuiteOAuth1 } from '@ez/netsuite-oauth1'
import OAuth from 'oauth-1.0a'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

// Oracle's published example keys.
const keys = {
  accountId: '123456',
  consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  tokenId: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
}
const start = Date.UTC(2026, 0, 15, 12, 36)

const requests = Array.from(
  { length: 1024 },
  (_, index): ResolvedRequest => ({
    method: 'POST',
    url: `https://123456.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?limit=10&offset=${index * 10}`,
    headers: [['prefer', 'transient']],
    body: null,
  }),
)

const at = (index: number): ResolvedRequest => requests[index % requests.length] as ResolvedRequest

/** As its documentation sets it up, for NetSuite. */
function peer(): (index: number) => unknown {
  const oauth = new OAuth({
    consumer: { key: keys.consumerKey, secret: keys.consumerSecret },
    realm: keys.accountId,
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  })
  const token = { key: keys.tokenId, secret: keys.tokenSecret }
  return (index) => {
    const { url, method } = at(index)
    return oauth.toHeader(oauth.authorize({ url, method }, token)).Authorization
  }
}

function cases(): BenchCase[] {
  const signer = netsuiteOAuth1(keys)
  const contextOf = (index: number): SignContext => {
    const now = new Date(start + index * 7)
    return { now: () => now, nonce: () => randomAlphanumeric(32) }
  }
  const baseStrings = requests.map((request, index) => {
    const result = signer.sign(request, contextOf(index))
    if (result instanceof Promise) throw new Error('signed asynchronously')
    return result.trace[0]?.value ?? ''
  })
  const key = createHmacKey(sha256, `${keys.consumerSecret}&${keys.tokenSecret}`)
  return [
    { name: '@ez/netsuite-oauth1', run: (index) => signer.sign(at(index), contextOf(index)) },
    { name: 'oauth-1.0a, authorize and toHeader', run: peer(), goal: 2.5 },
    {
      name: 'floor: 1 HMAC',
      run: (index) => hmac(key, baseStrings[index % baseStrings.length] ?? '', 'base64'),
      floor: true,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'netsuite-oauth1: header, 2 query parameters', cases, options: { clock: 'processor' } },
]
