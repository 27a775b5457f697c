import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EzError, type Pairs } from '@ez/core'
import { type VerifiedCosmosAuth, verifyCosmosAuth } from '../src/verify/verify.ts'

interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

type Item = Record<string, unknown> & { id: string }

/** An in-memory account with one container that verifies every request as the gateway does. */
export class CosmosServer {
  readonly masterKey: string = Buffer.from('a master key for tests, in base64').toString('base64')
  readonly verified: VerifiedCosmosAuth[] = []
  readonly received: { method: string; path: string; headers: ReadonlyMap<string, string> }[] = []
  /** The clock of the server. */
  now: () => Date = () => new Date()
  readonly #items = new Map<string, Item>()
  readonly #server: Server = createServer((message, response) => {
    void this.#handle(message).then(({ status, body, headers }) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        date: this.now().toUTCString(),
        etag: '"1"',
        ...headers,
      })
      response.end(body === undefined ? '' : JSON.stringify(body))
    })
  })

  /** Starts on loopback. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #handle(message: IncomingMessage): Promise<Answer> {
    const chunks: Uint8Array[] = []
    for await (const chunk of message) chunks.push(chunk as Uint8Array)
    const { method = '', url = '', rawHeaders } = message
    const headers: Pairs = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
    )
    const absolute = `http://${message.headers.host}${url}`
    const byName = new Map(headers)
    this.received.push({ method, path: url, headers: byName })
    try {
      this.verified.push(
        await verifyCosmosAuth(
          { method, url: absolute, headers, body: null },
          {
            secretFor: () => this.masterKey,
            now: this.now,
            tokenAccepted: (_, token) => token.includes('good'),
          },
        ),
      )
    } catch (error) {
      return this.#refuse(error)
    }
    const path = new URL(absolute).pathname.split('/').slice(1).map(decodeURIComponent)
    return this.#answer(method, path, byName, Buffer.concat(chunks).toString())
  }

  #refuse(error: unknown): Answer {
    if (!EzError.isInstance(error)) throw error
    if (error.code === 'EZ_CLOCK_SKEW') {
      const time = this.now().toUTCString()
      const message = `The authorization token is not valid at the current time. Please create another token and retry (token start time: -, token expiry time: -, current server time: ${time}).`
      return { status: 403, body: { code: 'Forbidden', message } }
    }
    const message = `The input authorization token can't serve the request. Server used the following payload to sign: '${String((error.details.stages as Record<string, string> | undefined)?.['string-to-sign'])}'\r\nActivityId: 0`
    return { status: 401, body: { code: 'Unauthorized', message } }
  }

  #answer(method: string, path: string[], headers: ReadonlyMap<string, string>, body: string): Answer {
    if (path[0] === '') return { status: 200, body: account }
    if (path.length === 4)
      return {
        status: 200,
        body: {
          id: path[3],
          _rid: 'DPZtAKyOj5g=',
          partitionKey: { paths: ['/id'], kind: 'Hash', version: 2 },
        },
      }
    if (path[4] === 'pkranges')
      return {
        status: 200,
        body: {
          _rid: 'DPZtAKyOj5g=',
          PartitionKeyRanges: [{ id: '0', minInclusive: '', maxExclusive: 'FF' }],
          _count: 1,
        },
      }
    if (path[4] !== 'docs') return { status: 404, body: { code: 'NotFound', message: path.join('/') } }
    if (path.length === 6) return this.#onItem(method, path[5] as string, body)
    if (headers.has('x-ms-cosmos-is-query-plan-request'))
      return {
        status: 200,
        body: { partitionedQueryExecutionInfoVersion: 2, queryInfo: {}, queryRanges: [everything] },
      }
    if (headers.get('x-ms-documentdb-isquery')?.toLowerCase() === 'true') {
      const Documents = [...this.#items.values()]
      return { status: 200, body: { _rid: '', Documents, _count: Documents.length } }
    }
    const item = JSON.parse(body) as Item
    if (headers.get('x-ms-documentdb-partitionkey') !== undefined) {
      const [key] = JSON.parse(headers.get('x-ms-documentdb-partitionkey') ?? '[]') as string[]
      if (key !== item.id)
        return { status: 400, body: { code: 'BadRequest', message: 'wrong partition key' } }
    }
    const exists = this.#items.has(item.id)
    if (exists && headers.get('x-ms-documentdb-is-upsert')?.toLowerCase() !== 'true')
      return { status: 409, body: { code: 'Conflict', message: '' } }
    this.#items.set(item.id, item)
    return { status: exists ? 200 : 201, body: item }
  }

  #onItem(method: string, id: string, body: string): Answer {
    const item = this.#items.get(id)
    if (!item) return { status: 404, body: { code: 'NotFound', message: id } }
    if (method === 'DELETE') this.#items.delete(id)
    if (method === 'DELETE') return { status: 204 }
    if (method === 'PUT') this.#items.set(id, JSON.parse(body) as Item)
    return { status: 200, body: this.#items.get(id) }
  }
}

const everything = { min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }

const account = {
  id: 'test',
  _self: '',
  _rid: 'test',
  writableLocations: [],
  readableLocations: [],
  enableMultipleWriteLocations: false,
  userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
}
