import { createHash, hash } from 'node:crypto'
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest, Signer } from '@ez/core'
import { createHmacKey, hmac, sha256 } from '@ez/core/crypto'
import { awsSdkSigner, signWithAws4, signWithAws4fetch } from './aws-sigv4-peers.ts'
import { credentials, get, movingContext, post, ring, start } from './aws-sigv4-requests.ts'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

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

// On Node 24 aws4 and smithy pay for HMAC keys that are not cached; elsewhere they come closer.
const isNode24 = process.versions.node.startsWith('24.')

function small(
  make: (index: number) => ResolvedRequest,
  goalOnNode24: number,
  goalElsewhere: number,
  goalOverFloor: number,
): BenchCase[] {
  const requests = ring(make)
  const signer = awsSigV4({ service: 'execute-api', region: 'us-east-1', credentials })
  return [
    { name: '@ez/aws-sigv4', run: ours(signer, requests) },
    {
      name: 'aws4',
      run: signWithAws4(requests, credentials, start),
      goal: isNode24 ? goalOnNode24 : goalElsewhere,
    },
    {
      name: '@smithy/signature-v4, sha256-js',
      run: awsSdkSigner(requests, credentials, start, 'js'),
      ...(isNode24 ? { goal: 5 } : {}),
    },
    {
      name: '@smithy/signature-v4, hash-node',
      run: awsSdkSigner(requests, credentials, start, 'node'),
      ...(isNode24 ? { goal: 5 } : {}),
    },
    {
      name: 'aws4fetch',
      run: signWithAws4fetch(requests, credentials, start),
      ...(isNode24 ? { goal: 15 } : {}),
    },
    {
      name: 'floor: 2 digests, 1 HMAC',
      run: floor(requests, signer),
      floor: true,
      ...(isNode24 ? { goal: goalOverFloor } : {}),
    },
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
  { title: 'aws-sigv4: POST, 300 bytes of JSON', cases: () => small(post, 6, 2, 2) },
  { title: 'aws-sigv4: GET, 5 query parameters', cases: () => small(get, 3.5, 1.8, 2.5) },
  { title: 'aws-sigv4: S3 PUT, 1 MiB', cases: () => upload(1 << 20) },
  { title: 'aws-sigv4: S3 PUT, 64 MiB', cases: () => upload(1 << 26), options: { rounds: 9 } },
  {
    title: 'aws-sigv4: first signature of a day and key',
    cases: firstOfDay,
    options: { clock: 'processor' },
  },
]
