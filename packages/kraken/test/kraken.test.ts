import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { kraken } from '@ez/kraken'
import { verifyKraken } from '@ez/kraken/verify'
import { describe, it } from 'vitest'
import file from '../vectors/kraken.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.apiSecret)

describeSigner(kraken, vectors, {
  credentials: ['apiKey', 'apiSecret'],
  secrets: ['apiSecret'],
  signs: ['path', 'body'],
  verify: (request, vector) =>
    verifyKraken(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [kraken(first.options as never)], { clock: now, nonce })

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyKraken(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),

  describe,
  it,
})
