import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { awsSigV4 } from '@ez/aws-sigv4'
import { createClient } from '@ez/client'
import { AwsClient } from 'aws4fetch'
import { credentials } from '../aws-sigv4-requests.ts'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { startServer } from '../servers/start.ts'

const width = 32
const sendsInTurn = 960
const body = 'x'.repeat(300)
const headers = { 'content-type': 'application/json' }

/** Sends so many requests, so many at a time, and gives the processor time of one, in nanoseconds. */
function timed(send: (index: number) => Promise<unknown>): () => Promise<number> {
  let index = 0
  const round = async (sends: number): Promise<number> => {
    const last = index + sends
    const before = process.cpuUsage()
    const worker = async (): Promise<void> => {
      while (index < last) {
        index += 1
        await send(index)
      }
    }
    await Promise.all(Array.from({ length: width }, worker))
    const { user, system } = process.cpuUsage(before)
    return ((user + system) * 1000) / sends
  }
  let warm: Promise<number> | undefined
  // Long enough for the compiler to be done with what is measured.
  return async () => {
    warm ??= round(4 * sendsInTurn)
    await warm
    return round(sendsInTurn)
  }
}

async function cases(): Promise<BenchCase[]> {
  const origin = await startServer()
  const client = createClient({
    preRequest: [awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })],
  })
  const aws4fetch = new AwsClient({ ...credentials, service: 'execute-api', region: 'us-east-1', retries: 0 })
  const s3 = new S3Client({ credentials, region: 'us-east-1', endpoint: origin, forcePathStyle: true })
  const url = (index: number): string => `${origin}/orders/${index}`
  // undici 8 does not load on Node 20; there the client sends through fetch.
  const undici = await import('undici').catch(() => undefined)
  return [
    {
      name: 'client.send, SigV4',
      time: timed(async (index) => {
        const answer = await client.send({
          method: 'POST',
          url: `${origin}/orders/{{id}}`,
          headers,
          body: { text: body },
        }, { variables: { id: index } }) // biome-ignore format: one call
        return answer.text()
      }),
    },
    ...(undici
      ? [
          {
            name: 'undici.request, unsigned',
            time: timed(async (index) =>
              (await undici.request(url(index), { method: 'POST', headers, body })).body.text(),
            ),
          },
        ]
      : []),
    {
      name: 'fetch, unsigned',
      time: timed(async (index) => (await fetch(url(index), { method: 'POST', headers, body })).text()),
      goal: 2,
    },
    {
      name: 'aws4fetch',
      time: timed(async (index) =>
        (await aws4fetch.fetch(url(index), { method: 'POST', headers, body })).text(),
      ),
      goal: 4,
    },
    {
      name: '@aws-sdk/client-s3, PutObject',
      time: timed((index) =>
        s3.send(new PutObjectCommand({ Bucket: 'orders', Key: String(index), Body: Buffer.from(body) })),
      ),
      goal: 7,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'client: POST of 300 bytes, 32 at a time, processor time', cases, options: { rounds: 7 } },
]
