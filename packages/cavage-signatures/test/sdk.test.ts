import { createPublicKey } from 'node:crypto'
import { createServer, request as send } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { verifyCavageSignatures } from '@ez/cavage-signatures/verify'
import type { ResolvedRequest } from '@ez/core'
import { expect, test } from 'vitest'
import file from '../vectors/cavage-signatures.json' with { type: 'json' }

const { sign } = createRequire(import.meta.url)('http-signature') as {
  sign(request: unknown, options: object): boolean
}
const key = (file as unknown as [{ options: { key: string } }])[0].options.key
const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string

test('http-signature 1.4.0 sends what verifies', async () => {
  const received = await new Promise<ResolvedRequest>((resolve, reject) => {
    const server = createServer((request, response) => {
      response.end()
      server.close()
      resolve({
        method: request.method ?? '',
        url: `http://${request.headers.host}${request.url}`,
        headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
        body: null,
      })
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const request = send({ host: '127.0.0.1', port, path: '/foo?a=1', method: 'GET' })
      request.on('error', reject)
      sign(request, { key, keyId: 'Test', headers: ['(request-target)', 'host', 'date'] })
      request.end()
    })
  })
  const verified = await verifyCavageSignatures(received, { secretFor: () => publicKey })
  expect(verified.keyId).toBe('Test')
  expect(verified.covers).toMatchObject({
    method: true,
    host: true,
    path: true,
    query: 'all',
    headers: ['date', 'host'],
  })
})
