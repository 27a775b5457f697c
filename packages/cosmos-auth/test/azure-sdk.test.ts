import { type Container, CosmosClient } from '@azure/cosmos'
import { type PrepareContext, prepare, type RequestTemplate, type ResponseSnapshot } from '@ez/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CosmosAuthOptions,
  type CosmosContainer,
  cosmosAuth,
  createItem,
  deleteItem,
  patchItem,
  queryItems,
  readItem,
  replaceItem,
} from '../src/index.ts'
import { CosmosServer } from './cosmos-server.ts'

const server = new CosmosServer()
let endpoint = ''
beforeAll(async () => {
  endpoint = await server.listen()
})
afterAll(() => server.close())

const database = 'My Db ☃'
const container = 'Cö|ll+%3D'
const awkwardIds = [
  'plain',
  'a b',
  'ÿ-☃',
  '私',
  'a|b',
  'a%b',
  '%3D%3D_1',
  'a+b',
  "a'b",
  'a@b:c',
  '(a)!*~',
  'a&b=c;d,e',
  '😀',
]

function sdk(options: { key: string } | { tokenProvider: () => Promise<string> }): Container {
  return new CosmosClient({ endpoint, ...options, connectionPolicy: { enableEndpointDiscovery: false } })
    .database(database)
    .container(container)
}

describe('@azure/cosmos against our verifier', () => {
  it.each(awkwardIds)('creates, reads, upserts and deletes %j', async (id) => {
    const items = sdk({ key: server.masterKey })
    expect((await items.items.create({ id, v: 1 })).statusCode).toBe(201)
    expect((await items.item(id, id).read()).resource).toEqual({ id, v: 1 })
    expect((await items.items.upsert({ id, v: 2 })).statusCode).toBe(200)
    expect((await items.items.query('SELECT * FROM c', { partitionKey: id }).fetchAll()).resources).toEqual([
      { id, v: 2 },
    ])
    expect((await items.item(id, id).delete()).statusCode).toBe(204)
  })

  it('is refused with another key', async () => {
    const items = sdk({ key: Buffer.from('another key').toString('base64') })
    await expect(items.item('plain', 'plain').read()).rejects.toMatchObject({ code: 401 })
  })

  it('is accepted with an Entra token as it sends it', async () => {
    const items = sdk({ tokenProvider: async () => 'type=aad&ver=1.0&sig=good.jwt.token' })
    expect((await items.item('none', 'none').read()).statusCode).toBe(404)
    expect(server.verified.at(-1)?.kind).toBe('aad')
  })
})

describe('our requests against the same server', () => {
  const at = (): CosmosContainer => ({ endpoint, database, container })

  async function send(template: RequestTemplate, options: CosmosAuthOptions = {}, context?: PrepareContext) {
    const signer = cosmosAuth(Object.keys(options).length > 0 ? options : { masterKey: server.masterKey })
    const prepared = await prepare({ ...template, preRequest: [signer] }, context)
    const response = await fetch(prepared.toRequest())
    const snapshot: ResponseSnapshot = {
      status: response.status,
      headers: [...response.headers.entries()],
      body: new Uint8Array(await response.arrayBuffer()),
    }
    return {
      ...snapshot,
      text: new TextDecoder().decode(snapshot.body),
      diagnosis: signer.diagnose?.(snapshot, prepared),
    }
  }

  it.each([...awkwardIds, 'a#b', 'a?b', '{{literal}}'])(
    'creates, reads, replaces, patches, queries and deletes %j',
    async (id) => {
      // A template's own text would be parsed for tokens; the item holds literal text.
      const item = { id: id.replace('{{', '\\{{'), v: 1 }
      expect((await send(createItem(at(), item, id))).status).toBe(201)
      expect(JSON.parse((await send(readItem(at(), id, id))).text)).toEqual({ id, v: 1 })
      expect((await send(createItem(at(), item, id, { upsert: true }))).status).toBe(200)
      expect((await send(patchItem(at(), id, id, [{ op: 'set', path: '/v', value: 2 }]))).status).toBe(200)
      if (item.id === id) expect((await send(replaceItem(at(), { id, v: 3 }, id))).status).toBe(200)
      expect((await send(queryItems(at(), { query: 'SELECT * FROM c', partitionKey: id }))).text).toContain(
        '"_count":1',
      )
      expect(server.received.at(-1)?.headers.get('content-type')).toBe('application/query+json')
      expect(server.received.at(-1)?.headers.get('x-ms-version')).toBe('2020-07-15')
      expect((await send(deleteItem(at(), id, id))).status).toBe(204)
    },
  )

  it('are read by RID', async () => {
    const { status } = await send({ method: 'GET', url: `${endpoint}/dbs/DPZtAA==/colls/DPZtAKyOj5g=` })
    expect(status).toBe(200)
  })

  it('are refused with another key or link, and the diagnosis says why', async () => {
    const wrongKey = await send(readItem(at(), 'x', 'x'), { masterKey: 'b3RoZXI=' })
    expect(wrongKey.diagnosis).toMatchObject({
      cause: 'credential',
      message: expect.stringContaining('the key is another one'),
    })
    const wrongLink = await send(readItem(at(), 'x', 'x'), {
      masterKey: server.masterKey,
      resourceLink: `dbs/${database}`,
    })
    expect(wrongLink.diagnosis).toMatchObject({
      cause: 'signature-mismatch',
      differences: [
        {
          stage: 'string-to-sign',
          line: 3,
          expected: `dbs/${database}/colls/${container}/docs/x`,
          signed: `dbs/${database}`,
        },
      ],
    })
  })

  it.each([-20, 10])('are refused with a clock %i minutes off, and the skew is measured', async (minutes) => {
    const clock = (): Date => new Date(Date.now() + minutes * 60_000)
    const { status, diagnosis } = await send(readItem(at(), 'x', 'x'), {}, { clock })
    expect(status).toBe(403)
    expect(diagnosis).toMatchObject({
      cause: 'clock-skew',
      clockOffsetMs: expect.closeTo(minutes * -60_000, -4),
    })
  })

  it('are accepted with tokens', async () => {
    expect(
      (await send(readItem(at(), 'x', 'x'), { resourceToken: 'type=resource&ver=1&sig=good+/=;x;' })).status,
    ).toBe(404)
    expect((await send(readItem(at(), 'x', 'x'), { aadToken: 'good.jwt' })).status).toBe(404)
    expect((await send(readItem(at(), 'x', 'x'), { aadToken: 'bad.jwt' })).diagnosis?.cause).toBe(
      'credential',
    )
  })
})
