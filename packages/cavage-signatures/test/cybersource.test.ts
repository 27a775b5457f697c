import { cyberSourceSignatures } from '@ez/cavage-signatures/cybersource'
import { verifyCyberSourceSignatures } from '@ez/cavage-signatures/verify'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/cybersource.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.sharedSecret)

describeSigner(cyberSourceSignatures, vectors, {
  credentials: ['keyId', 'sharedSecret'],
  secrets: ['sharedSecret'],
  signs: ['method', 'path', 'query', 'body'],
  verify: (request, vector) =>
    verifyCyberSourceSignatures(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [cyberSourceSignatures(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyCyberSourceSignatures(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),

  describe,
  it,
})
