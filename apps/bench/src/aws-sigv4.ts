import { createHash, hash } from 'node:crypto'
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest, SignContext, Signer } from '@ez/core'
import { createHmacKey, hmac, sha256 } from '@ez/core/crypto'
import { awsSdkSigner, signWithAws4, signWithAws4fetch } from './aws-sigv4-peers.ts'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const ringSize = 1024
const start = Date.UTC(2026, 0, 15, 12, 36)

/** A clock that moves by some milliseconds at every call. */
function movingContext(): (index: number) => SignContext {
  return (index) => {
    const now = new Date(start + index * 7)
    return { now: () => now, nonce: () => '' }
  }
}

function ring(make: (index: number) => ResolvedRequest): ResolvedRequest[] {
  return Array.from({ length: ringSize }, (_, index) => make(index))
}

function post(index: number): ResolvedRequest {
  const text = JSON.stringify({
    reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL',
    dataStartTime: '2026-01-14T00:00:01Z',
    marketplaceIds: ['ATVPDKIKX0DER', String(index)],
    padding: 'x'.repeat(400),
  }).slice(0, 300)
  return {
    method: 'POST',
    url: `https://sellingpartnerapi-na.amazon.com/reports/2021-06-30/reports/${index}`,
    headers: [['content-type', 'application/json']],
    body: new TextEncoder().encode(text),
  }
}

function get(index: number): ResolvedRequest {
  const query = `MarketplaceIds=ATVPDKIKX0DER&CreatedAfter=2026-01-01T00%3A00%3A00Z&OrderStatuses=Unshipped&MaxResultsPerPage=${index}&NextToken=abc`
  return {
    method: 'GET',
    url: `https://sellingpartnerapi-na.amazon.com/orders/v0/orders?${query}`,
    headers: [],
    body: null,
  }
}

function ours(signer: Signer, requests: readonly ResolvedRequest[]): (index: number) => unknown {
  const contextOf = movingContext()
  return (index) => signer.sign(requests[index % requests.length] as ResolvedRequest, contextOf(index))
}

/** Two digests and an HMAC with a cached key, of the sizes that the signer has; nothing else. */
function floor(requests: readonly ResolvedRequest[], signer: Signer): (index: number) => unknown {
  const context = movingContext()(0)
  const inputs = requests.map((request) => {
    const result = signer.sign(request, context)
    if (result instanceof Promise) throw new Error('signed asynchronously')
    return {
      body: (request.body ?? new Uint8Array()) as Uint8Array,
      stages: result.trace.map(({ value }) => value),
    }
  })
  const key = createHmacKey(sha256, 'key')
  return (index) => {
    const { body, stages } = inputs[index % inputs.length] as (typeof inputs)[number]
    hash('sha256', body, 'hex')
    hash('sha256', stages[0] ?? '', 'hex')
    return hmac(key, stages[1] ?? '', 'hex')
  }
}

function small(make: (index: number) => ResolvedRequest): BenchCase[] {
  const requests = ring(make)
  const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
  return [
    { name: '@ez/aws-sigv4', run: ours(signer, requests) },
    { name: 'aws4', run: signWithAws4(requests, credentials, start), goal: 3.5 },
    {
      name: '@smithy/signature-v4, sha256-js',
      run: awsSdkSigner(requests, credentials, start, 'js'),
      goal: 5,
    },
    {
      name: '@smithy/signature-v4, hash-node',
      run: awsSdkSigner(requests, credentials, start, 'node'),
      goal: 5,
    },
    { name: 'aws4fetch', run: signWithAws4fetch(requests, credentials, start), goal: 15 },
    { name: 'floor: 2 digests, 1 HMAC', run: floor(requests, signer), floor: true, goal: 2.5 },
  ]
}

function upload(bytes: number): BenchCase[] {
  const body = new Uint8Array(bytes).fill(97)
  const request: ResolvedRequest = {
    method: 'PUT',
    url: 'https://bucket.s3.us-east-1.amazonaws.com/key',
    headers: [],
    body,
  }
  const signer = awsSigV4({ service: 's3', region: 'us-east-1', credentials })
  return [
    { name: '@ez/aws-sigv4', run: ours(signer, [request]) },
    {
      name: 'floor: the hash alone',
      run: () => createHash('sha256').update(body).digest('hex'),
      floor: true,
      goal: 1.05,
    },
  ]
}

/** The first signature of a key that the signer has not seen, beside a warm one. */
function firstOfDay(): BenchCase[] {
  const request = post(0)
  const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
  const day = 86_400_000
  const cold = (index: number): unknown => {
    const now = new Date(start + (index % 1000) * day)
    return signer.sign(request, { now: () => now, nonce: () => '' })
  }
  const warmSigner = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
  return [
    { name: 'first signature of a day', run: cold },
    { name: 'floor: a warm signature', run: ours(warmSigner, [request]), floor: true, goal: 4 },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'aws-sigv4: POST, 300 bytes of JSON', cases: () => small(post) },
  { title: 'aws-sigv4: GET, 5 query parameters', cases: () => small(get) },
  { title: 'aws-sigv4: S3 PUT, 1 MiB', cases: () => upload(1 << 20) },
  { title: 'aws-sigv4: S3 PUT, 64 MiB', cases: () => upload(1 << 26), options: { rounds: 9 } },
  { title: 'aws-sigv4: first signature of a day and key', cases: firstOfDay },
]
