import type { ResolvedRequest } from '@ez/core'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { provider, tencentCloud } from '@ez/tencent-cloud'
import { type VerifierSecret, verifyTencentCloud } from '@ez/tencent-cloud/verify'
import { describe, it } from 'vitest'
import file from '../vectors/tencent-cloud.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
// The token is not signed: the look-up tells which one goes with the key.
const secretOf = ({ options }: Vector): VerifierSecret =>
  options.token === undefined
    ? String(options.secretKey)
    : { secretKey: String(options.secretKey), token: String(options.token) }

describeSigner(provider, vectors, {
  credentials: ['secretId', 'secretKey'],
  secrets: ['secretKey', 'token'],
  signs: ['method', 'path', 'query', 'body', 'header:content-type'],
  verify: (request, vector) =>
    verifyTencentCloud(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed: ResolvedRequest = await signRequest(requestOf(first), [tencentCloud(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyTencentCloud(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),
  describe,
  it,
})
