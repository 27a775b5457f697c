import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { prepare, type RequestTemplate } from '@ez/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Azurite, credentials, startAzurite } from './support/azurite.ts'

let azurite: Azurite
let calls = 0
beforeAll(async () => {
  azurite = await startAzurite()
}, 60_000)
afterAll(async () => {
  await azurite.stop()
  console.log(`azure-storage: ${calls} calls to Azurite`)
})

async function send(
  template: Omit<RequestTemplate, 'preRequest'>,
  options: Partial<AzureStorageOptions> = {},
): Promise<{ status: number; text: string }> {
  const signer = azureStorage({ credentials, ...options })
  const prepared = await prepare({ ...template, preRequest: [signer] })
  const response = await fetch(prepared.toRequest())
  calls += 1
  return { status: response.status, text: await response.text() }
}

const blobHeaders = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'text/plain; charset=UTF-8' }
// Every character that signers and servers have disagreed on; `%2F` is a slash in a name.
const names = [
  'plain.txt',
  'a b',
  'ä/ö',
  "it's(1)!*",
  'a+b',
  'a=b&c',
  'a%2Fb',
  '100%25',
  '~tilde',
  'q%3Fm',
  'h%23sh',
  'ü\u0301',
]

describe('SharedKey', () => {
  const scheme = 'SharedKey'
  const container = 'container'

  it('creates a container, and lists it', async () => {
    const url = `${azurite.blob}/${container}`
    const created = await send({ method: 'PUT', url, query: { restype: 'container' } }, { scheme })
    expect(created.status).toBe(201)
    const listed = await send(
      { method: 'GET', url, query: { restype: 'container', comp: 'list', prefix: 'a b' } },
      { scheme },
    )
    expect(listed.status).toBe(200)
  })

  it.each(names)('puts, reads and deletes the blob %s', async (name) => {
    const url = `${azurite.blob}/${container}/${name}`
    const text = `content of ${name}`
    const put = await send({ method: 'PUT', url, headers: blobHeaders, body: { text } }, { scheme })
    expect(put).toMatchObject({ status: 201 })
    const range = { range: 'bytes=0-6', 'x-ms-client-request-id': 'one  two' }
    expect(await send({ method: 'GET', url, headers: range }, { scheme })).toEqual({
      status: 206,
      text: 'content',
    })
    expect(await send({ method: 'DELETE', url }, { scheme })).toMatchObject({ status: 202 })
  })

  it('puts an empty blob, and a binary one in blocks', async () => {
    const url = `${azurite.blob}/${container}/bytes`
    const empty = { bytes: new Uint8Array() }
    expect(await send({ method: 'PUT', url, headers: blobHeaders, body: empty }, { scheme })).toMatchObject({
      status: 201,
    })
    const block = { bytes: Uint8Array.from({ length: 1000 }, (_, index) => index % 256) }
    const query = { comp: 'block', blockid: 'QUE9PQ==' }
    expect(await send({ method: 'PUT', url, query, body: block }, { scheme })).toMatchObject({ status: 201 })
    const list = { text: '<?xml version="1.0"?><BlockList><Latest>QUE9PQ==</Latest></BlockList>' }
    expect(
      await send({ method: 'PUT', url, query: { comp: 'blocklist' }, body: list }, { scheme }),
    ).toMatchObject({ status: 201 })
  })

  it('orders metadata as the service does, and reads a plus of the query as a space', async () => {
    const url = `${azurite.blob}/${container}/ordered`
    const headers = { ...blobHeaders, 'x-ms-meta-i0': '1', 'x-ms-meta-i_': '2', 'x-ms-meta-ia': '3' }
    expect(await send({ method: 'PUT', url, headers, body: { text: 'a' } }, { scheme })).toMatchObject({
      status: 201,
    })
    const list = `${azurite.blob}/${container}?restype=container&comp=list&prefix=or+dered%2B`
    expect(await send({ method: 'GET', url: list }, { scheme })).toMatchObject({ status: 200 })
  })

  it('refuses a parameter without a value, which this server leaves out of the signature', async () => {
    const url = `${azurite.blob}/${container}?restype=container&comp=list&prefix=`
    await expect(send({ method: 'GET', url }, { scheme })).rejects.toMatchObject({
      code: 'EZ_URL_NOT_SENDABLE',
    })
  })

  it('is refused with another key, and when it is tampered with', async () => {
    const url = `${azurite.blob}/${container}`
    const query = { restype: 'container' }
    const other = { accountName: credentials.accountName, accountKey: 'b3RoZXIga2V5' }
    expect(await send({ method: 'GET', url, query }, { scheme, credentials: other })).toMatchObject({
      status: 403,
    })
    const prepared = await prepare({
      method: 'GET',
      url,
      query,
      preRequest: [azureStorage({ credentials, scheme })],
    })
    const request = prepared.toRequest()
    request.headers.set('x-ms-meta-added', '1')
    expect((await fetch(request)).status).toBe(403)
  })
})

// Azurite knows Shared Key Lite for queues only.
describe('queues', () => {
  it.each(['SharedKey', 'SharedKeyLite'] as const)('with %s: a queue', async (scheme) => {
    const url = `${azurite.queue}/${scheme.toLowerCase()}`
    expect(await send({ method: 'PUT', url }, { scheme })).toMatchObject({ status: 201 })
    const body = { text: '<QueueMessage><MessageText>aGVsbG8=</MessageText></QueueMessage>' }
    const headers = { 'content-type': 'application/xml' }
    const put = await send(
      { method: 'POST', url: `${url}/messages`, query: { messagettl: 60 }, headers, body },
      { scheme },
    )
    expect(put).toMatchObject({ status: 201 })
    const got = await send({ method: 'GET', url: `${url}/messages`, query: { numofmessages: 1 } }, { scheme })
    expect(got).toMatchObject({ status: 200, text: expect.stringContaining('aGVsbG8=') })
  })
})

describe('tables', () => {
  const service = 'table'
  const headers = { accept: 'application/json;odata=nometadata', 'content-type': 'application/json' }

  it.each(['SharedKey', 'SharedKeyLite'] as const)(
    'with %s: a table, and an entity with quotes',
    async (scheme) => {
      const name = `table${scheme.toLowerCase()}`
      const create = {
        method: 'POST',
        url: `${azurite.table}/Tables`,
        headers,
        body: { json: { TableName: name } },
      }
      expect(await send(create, { scheme, service })).toMatchObject({ status: 201 })
      const entity = { PartitionKey: "O'Neil", RowKey: 'a b', value: 1 }
      const insert = { method: 'POST', url: `${azurite.table}/${name}`, headers, body: { json: entity } }
      expect(await send(insert, { scheme, service })).toMatchObject({ status: 201 })
      const url = `${azurite.table}/${name}(PartitionKey='O%27%27Neil',RowKey='a%20b')`
      expect(await send({ method: 'GET', url, headers }, { scheme, service })).toMatchObject({ status: 200 })
      const query = { $filter: "PartitionKey eq 'O''Neil'" }
      const list = { method: 'GET', url: `${azurite.table}/${name}()`, query, headers }
      expect(await send(list, { scheme, service })).toMatchObject({
        status: 200,
        text: expect.stringContaining('a b'),
      })
      const sas = { permissions: 'r', protocol: 'https,http', service } as const
      expect(await send({ method: 'GET', url, headers }, { scheme: 'ServiceSAS', sas })).toMatchObject({
        status: 200,
      })
    },
  )
})

describe('shared access signatures', () => {
  const sas = { permissions: 'rwdlac', protocol: 'https,http' } as const
  beforeAll(async () => {
    await send({ method: 'PUT', url: `${azurite.blob}/shared`, query: { restype: 'container' } })
    await send({ method: 'PUT', url: `${azurite.queue}/shared` })
  })

  it.each(names)('of an account: the blob %s', async (name) => {
    const options = { scheme: 'AccountSAS', sas: { ...sas, startsIn: -60, ip: '127.0.0.1' } } as const
    const url = `${azurite.blob}/shared/${name}`
    const put = await send({ method: 'PUT', url, headers: blobHeaders, body: { text: 'a' } }, options)
    expect(put).toMatchObject({ status: 201 })
    expect(await send({ method: 'GET', url }, options)).toEqual({ status: 200, text: 'a' })
  })

  it.each(names)('of a service: the blob %s, and no other', async (name) => {
    const options = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'rcw', service: 'blob' } } as const
    const url = `${azurite.blob}/shared/${name}`
    const put = await send({ method: 'PUT', url, headers: blobHeaders, body: { text: 'b' } }, options)
    expect(put).toMatchObject({ status: 201 })
    const prepared = await prepare({
      method: 'GET',
      url,
      preRequest: [azureStorage({ credentials, ...options })],
    })
    expect((await fetch(prepared.toRequest())).status).toBe(200)
    expect((await fetch(prepared.url.replace('/shared/', '/shared/x'))).status).toBe(403)
  })

  it('of a container, and of a queue', async () => {
    const query = { restype: 'container', comp: 'list' }
    const container = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'rl', service: 'blob' } } as const
    expect(await send({ method: 'GET', url: `${azurite.blob}/shared`, query }, container)).toMatchObject({
      status: 200,
    })
    const queue = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'rap', service: 'queue' } } as const
    expect(await send({ method: 'GET', url: `${azurite.queue}/shared/messages` }, queue)).toMatchObject({
      status: 200,
    })
  })

  it('are refused for what they do not allow, and when they have ended', async () => {
    const url = `${azurite.blob}/shared/plain.txt`
    const readOnly = { scheme: 'ServiceSAS', sas: { ...sas, permissions: 'r', service: 'blob' } } as const
    expect(await send({ method: 'DELETE', url }, readOnly)).toMatchObject({ status: 403 })
    const signer = azureStorage({ credentials, ...readOnly })
    const clock = () => new Date(Date.now() - 3_600_000)
    const ended = await prepare({ method: 'GET', url, preRequest: [signer] }, { clock })
    const refused = await fetch(ended.toRequest())
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AuthorizationFailure</Code>'),
    ])
  })
})

describe('refusals, which docs/refusals.md and diagnose know as they are seen here', () => {
  const other = { accountName: credentials.accountName, accountKey: 'b3RoZXI=' }
  const sas = {
    scheme: 'ServiceSAS',
    sas: { permissions: 'r', protocol: 'https,http', service: 'blob' },
  } as const
  const failed = ['AuthorizationFailure', 'Server failed to authenticate the request.'] as const
  it.each<
    [string, Partial<AzureStorageOptions>, string, 'blob' | 'queue' | 'table', readonly [string, string]]
  >([
    ['a wrong key, of blobs', { credentials: other }, 'GET', 'blob', failed],
    [
      'a wrong key, of queues',
      { credentials: other },
      'GET',
      'queue',
      ['AuthenticationFailed', 'Server failed to authenticate the request.'],
    ],
    ['a SAS by a wrong key', { ...sas, credentials: other }, 'GET', 'blob', failed],
    [
      'a SAS for https over http',
      { ...sas, sas: { permissions: 'r', service: 'blob' } },
      'GET',
      'blob',
      ['AuthorizationProtocolMismatch', 'not authorized to perform this operation using this protocol'],
    ],
    [
      'a SAS that only reads, and a PUT',
      sas,
      'PUT',
      'blob',
      ['AuthorizationPermissionMismatch', 'not authorized to perform this operation using this permission'],
    ],
  ])('%s', async (_, options, method, service, [code, message]) => {
    const { status, text } = await send(
      {
        method,
        url: `${azurite[service]}/refused/blob`,
        ...(method === 'PUT' && { headers: blobHeaders, body: { text: 'a' } }),
      },
      options,
    )
    expect([status, text]).toEqual([403, expect.stringContaining(`<Code>${code}</Code>`)])
    expect(text).toContain(message)
  })
})
