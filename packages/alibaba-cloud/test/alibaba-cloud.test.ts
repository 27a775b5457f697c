import { alibabaCloud, provider } from '@ez/alibaba-cloud'
import { verifyAlibabaCloud } from '@ez/alibaba-cloud/verify'
import type { ResolvedRequest } from '@ez/core'
import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { describe, it } from 'vitest'
import file from '../vectors/alibaba-cloud.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.accessKeySecret)

describeSigner(provider, vectors, {
  credentials: ['accessKeyId', 'accessKeySecret'],
  secrets: ['accessKeySecret', 'securityToken'],
  signs: ['method', 'path', 'query', 'body', 'header:content-type', 'header:x-acs-action'],
  verify: (request, vector) =>
    verifyAlibabaCloud(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed: ResolvedRequest = await signRequest(requestOf(first), [alibabaCloud(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyAlibabaCloud(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),
  describe,
  it,
})
