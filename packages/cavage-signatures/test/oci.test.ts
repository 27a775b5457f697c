import { createPublicKey } from 'node:crypto'
import { ociSignatures } from '@ez/cavage-signatures/oci'
import { verifyOciSignatures } from '@ez/cavage-signatures/verify'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/oci.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const publicKey = createPublicKey(String(first.options.privateKey)).export({
  type: 'spki',
  format: 'pem',
}) as string
const secretOf = (_: Vector): string => publicKey

describeSigner(ociSignatures, vectors, {
  credentials: ['keyId', 'privateKey'],
  secrets: ['privateKey'],
  signs: ({ request }) => [
    'method',
    'path',
    'query',
    ...(request.method === 'POST' ? (['body'] as const) : []),
  ],
  verify: (request, vector) =>
    verifyOciSignatures(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [ociSignatures(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyOciSignatures(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),

  describe,
  it,
})
