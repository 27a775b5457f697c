import { createPublicKey } from 'node:crypto'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { mastercard } from '@ez/mastercard'
import { verifyMastercard } from '@ez/mastercard/verify'
import { describe, it } from 'vitest'
import file from '../vectors/mastercard.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const publicKey = createPublicKey(String(first.options.privateKey)).export({
  type: 'spki',
  format: 'pem',
}) as string
const secretOf = (_: Vector): string => publicKey

describeSigner(mastercard, vectors, {
  credentials: ['consumerKey', 'privateKey'],
  secrets: ['privateKey'],
  signs: ['method', 'path', 'query', 'body'],
  verify: (request, vector) =>
    verifyMastercard(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [mastercard(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyMastercard(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),

  describe,
  it,
})
