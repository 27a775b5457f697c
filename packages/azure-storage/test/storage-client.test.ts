import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { type VerifiedAzureStorage, verifyAzureStorage } from '@ez/azure-storage/verify'
import { EzError } from '@ez/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { credentials } from './support/azurite.ts'

const { accountName, accountKey } = credentials
const seen: (VerifiedAzureStorage | string)[] = []
let server: Server
let endpoint = ''

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk as Uint8Array)
    const headers: [string, string][] = []
    for (let index = 0; index < request.rawHeaders.length; index += 2)
      headers.push([request.rawHeaders[index] as string, request.rawHeaders[index + 1] as string])
    const url = `http://${request.headers.host}${request.url}`
    const received = {
      method: request.method ?? '',
      url,
      headers,
      body: Uint8Array.from(Buffer.concat(chunks)),
    }
    try {
      seen.push(await verifyAzureStorage(received, { accountName, secretFor: () => accountKey }))
      const isUpdate = /[?&]comp=(metadata|properties)/.test(request.url ?? '')
      response
        .writeHead(isUpdate ? 200 : 201, { etag: '"1"', 'last-modified': new Date().toUTCString() })
        .end()
    } catch (error) {
      seen.push(EzError.isInstance(error) ? error.code : String(error))
      response.writeHead(403).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${accountName}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

function service(key = accountKey): BlobServiceClient {
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(accountName, key), {
    retryOptions: { maxTries: 1 },
  })
}

describe('@azure/storage-blob, sending to a server that verifies', () => {
  it('is verified for uploads, metadata, blocks and lists', async () => {
    const container = service().getContainerClient('cont')
    const blob = container.getBlockBlobClient("a b/ü+'(1).txt")
    await blob.upload('hello', 5, { metadata: { i0: '1', i_: '2' }, tags: { a: 'b c' } })
    await blob.stageBlock('QUE9PQ==', Buffer.alloc(1000, 1), 1000)
    await blob.setMetadata({ _a: 'x', a0: 'y' })
    await blob.setHTTPHeaders({ blobContentType: 'text/plain' })
    expect(seen).toHaveLength(4)
    for (const one of seen) expect(one).toMatchObject({ keyId: accountName, scheme: 'SharedKey' })
  })

  it('is refused with another key', async () => {
    const blob = service('b3RoZXIga2V5').getContainerClient('cont').getBlockBlobClient('a')
    await expect(blob.upload('hello', 5)).rejects.toMatchObject({ statusCode: 403 })
    expect(seen.at(-1)).toBe('EZ_SIGNATURE_MISMATCH')
  })
})
