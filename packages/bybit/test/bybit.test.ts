import { bybit, provider } from '@ez/bybit'
import { verifyBybit } from '@ez/bybit/verify'
import type { ResolvedRequest } from '@ez/core'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/bybit.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.apiSecret)

describeSigner(provider, vectors, {
  credentials: ['apiKey', 'apiSecret'],
  secrets: ['apiSecret'],
  signs: ({ request }) =>
    request.method !== 'GET' ? ['body'] : request.url.includes('?') ? ['method', 'query'] : ['query'],
  verify: (request, vector) =>
    verifyBybit(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed: ResolvedRequest = await signRequest(requestOf(first), [bybit(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyBybit(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),
  describe,
  it,
})
