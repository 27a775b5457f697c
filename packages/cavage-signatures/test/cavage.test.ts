import { createPublicKey } from 'node:crypto'
import { cavageSignatures } from '@ez/cavage-signatures'
import { verifyCavageSignatures } from '@ez/cavage-signatures/verify'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/cavage-signatures.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const publicKey = createPublicKey(String(first.options.key)).export({ type: 'spki', format: 'pem' }) as string
const secretOf = (_: Vector): string => publicKey

describeSigner(cavageSignatures, vectors, {
  credentials: ['keyId', 'key'],
  secrets: ['key'],
  bodies: 'C.1 default',
  signs: ({ options }) => {
    const names = options.headers as string[]
    return [
      ...(names.includes('(request-target)') ? (['method', 'path', 'query'] as const) : []),
      // The digest is compared with the body even where it is not signed.
      'body',
    ]
  },
  verify: (request, vector) =>
    verifyCavageSignatures(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      requires: [],
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [cavageSignatures(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyCavageSignatures(request, {
      secretFor: () => secretOf(first),
      now: now(),
      requires: [],
      options: {},
      ...options,
    }),

  describe,
  it,
})
