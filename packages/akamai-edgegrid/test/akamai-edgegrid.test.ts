import { akamaiEdgeGrid, provider } from '@ez/akamai-edgegrid'
import { verifyAkamaiEdgeGrid } from '@ez/akamai-edgegrid/verify'
import type { ResolvedRequest } from '@ez/core'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/akamai-edgegrid.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.clientSecret)

describeSigner(provider, vectors, {
  credentials: ['clientToken', 'accessToken', 'clientSecret'],
  secrets: ['clientSecret', 'accessToken'],
  bodies: 'POST length equals max_body',
  signs: ({ request }) => [
    'method',
    'path',
    'query',
    ...(request.method === 'POST' ? (['body:2048'] as const) : []),
  ],
  verify: (request, vector) =>
    verifyAkamaiEdgeGrid(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: { headersToSign: vector.options.headersToSign as string[], maxBodyBytes: 2048 },
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed: ResolvedRequest = await signRequest(
  requestOf(first),
  [akamaiEdgeGrid(first.options as never)],
  { clock: now, nonce },
)

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyAkamaiEdgeGrid(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: ((vector) => ({
        headersToSign: vector.options.headersToSign as string[],
        maxBodyBytes: 2048,
      }))(first),
      ...options,
    }),
  describe,
  it,
})
