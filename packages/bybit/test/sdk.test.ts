import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { verifyBybit } from '@ez/bybit/verify'
import type { ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { RestClientV5 } from 'bybit-api'
import { expect, test } from 'vitest'

const requests: ResolvedRequest[] = []
async function keep(request: IncomingMessage): Promise<void> {
  const body = await text(request)
  requests.push({
    method: request.method ?? '',
    url: `http://${request.headers.host}${request.url}`,
    headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    body: body === '' ? null : utf8(body),
  })
}

test('bybit-api 4.7.7 sends what verifies', async () => {
  const server = createServer((request, response) => {
    void keep(request).then(() => {
      response.setHeader('content-type', 'application/json')
      response.end('{"retCode":0,"retMsg":"OK","result":{}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = new RestClientV5({
    key: 'key',
    secret: 'example-secret',
    baseUrl: `http://127.0.0.1:${port}`,
  })
  try {
    await client.getPositionInfo({ category: 'linear', symbol: 'BTCUSDT', cursor: 'a b+c' })
    await client.submitOrder({
      category: 'spot',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '0.01',
    })
  } finally {
    server.close()
    server.closeAllConnections()
  }
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST'])
  for (const request of requests) {
    const { keyId, covers } = await verifyBybit(request, {
      secretFor: () => 'example-secret',
      maxSkewSeconds: 60,
    })
    expect(keyId).toBe('key')
    expect(request.method === 'GET' ? covers.query : covers.body).toBe('all')
  }
})
