import { createRequire } from 'node:module'
import { akamaiEdgeGrid } from '@ez/akamai-edgegrid'
import { verifyAkamaiEdgeGrid } from '@ez/akamai-edgegrid/verify'
import { signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { describe, expect, test } from 'vitest'

interface Sent {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
const EdgeGrid = createRequire(import.meta.url)('akamai-edgegrid') as new (
  ...credentials: string[]
) => { request: Sent; auth(request: object): unknown }

const options = {
  clientToken: 'akab-client',
  accessToken: 'akab-access',
  clientSecret: 'c2VjcmV0IG9mIGFuIGV4YW1wbGU=',
}

/** What the vendor's SDK would send. */
function sdk(request: object): Sent {
  const client = new EdgeGrid(
    options.clientToken,
    options.clientSecret,
    options.accessToken,
    'https://akab-host.example',
  )
  client.auth(request)
  return client.request
}

describe('akamai-edgegrid 4.0.4', () => {
  test.each<[string, object]>([
    ['a GET', { path: '/papi/v1/groups?a=1&b=%20', method: 'GET' }],
    [
      'a POST of JSON',
      {
        path: '/papi/v1/x',
        method: 'POST',
        body: { a: 'b' },
        headers: { 'Content-Type': 'application/json' },
      },
    ],
    ['a PUT, whose body is unsigned', { path: '/papi/v1/x', method: 'PUT', body: { a: 'b' } }],
  ])('%s is verified, and signed the same', async (_, given) => {
    const { url, method, headers, body } = sdk(given)
    const authorization = headers.Authorization ?? ''
    const [, stamp = '', nonce = ''] = /timestamp=([^;]*);nonce=([^;]*);/.exec(authorization) ?? []
    const now = new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(.*)\+0000$/, '$1-$2-$3T$4Z'))
    const request = { method, url, headers: [], body: body ? utf8(body) : null }
    const verified = await verifyAkamaiEdgeGrid(
      { ...request, headers: [['authorization', authorization]] },
      { secretFor: () => options.clientSecret, now },
    )
    expect(verified.keyId).toBe(options.clientToken)
    const prepared = await signRequest(request, [akamaiEdgeGrid(options)], {
      clock: () => now,
      nonce: () => nonce,
    })
    expect(prepared.headers.find(([name]) => name === 'authorization')?.[1]).toBe(authorization)
  })
})
