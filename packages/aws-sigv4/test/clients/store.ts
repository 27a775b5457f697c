import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import { EzError, type ResolvedRequest } from '@ez/core'

/** A store that verifies what it is sent, on loopback. */
export interface Store {
  readonly url: string
  /** Text of each object by its decoded path. */
  readonly objects: Map<string, string>
  readonly accepted: number
  /** Codes of the refusals. */
  readonly refused: readonly string[]
  reset(): void
  close(): Promise<void>
}

/** Starts a store that knows one key. */
export async function listenAsStore(accessKeyId: string, secretAccessKey: string): Promise<Store> {
  const objects = new Map<string, string>()
  let accepted = 0
  let refused: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    try {
      const received = await readRequest(incoming)
      const { path, body, unsignedBody } = await verifyAwsSigV4(received, {
        service: 's3',
        region: 'us-east-1',
        secretFor: (keyId) => (keyId === accessKeyId ? secretAccessKey : undefined),
        // Over http the SDKs leave bodies unsigned, or send them in unsigned chunks.
        allowUnsignedPayload: true,
      })
      const content = await new Response((body ?? unsignedBody) as BodyInit).text()
      accepted += 1
      const name = decodeURIComponent(path)
      if (incoming.method === 'PUT') {
        objects.set(name, content)
        return outgoing.writeHead(200, { etag: etagOf(content) }).end()
      }
      const stored = objects.get(name)
      if (new URL(received.url).searchParams.has('list-type') || name === '/bucket/')
        return outgoing.writeHead(200, { 'content-type': 'application/xml' }).end(listing)
      if (stored === undefined) return outgoing.writeHead(404).end()
      const headers = {
        'content-length': Buffer.byteLength(stored),
        'last-modified': new Date(0).toUTCString(),
      }
      outgoing.writeHead(200, { ...headers, etag: etagOf(stored) })
      return outgoing.end(incoming.method === 'HEAD' ? undefined : stored)
    } catch (error) {
      refused.push(EzError.isInstance(error) ? error.code : String(error))
      return outgoing
        .writeHead(403, { 'content-type': 'application/xml' })
        .end(incoming.method === 'HEAD' ? undefined : denial)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    get accepted() {
      return accepted
    },
    get refused() {
      return refused
    },
    reset() {
      accepted = 0
      refused = []
      objects.clear()
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

// Clients compare it with what they sent.
const etagOf = (content: string): string => `"${createHash('md5').update(content).digest('hex')}"`

const listing =
  '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>'
const denial =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>'

async function readRequest(incoming: IncomingMessage): Promise<ResolvedRequest> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const headers: [string, string][] = []
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.push([incoming.rawHeaders[index] as string, incoming.rawHeaders[index + 1] as string])
  const url = `http://${incoming.headers.host}${incoming.url}`
  return { method: incoming.method as string, url, headers, body: Buffer.concat(parts) }
}
