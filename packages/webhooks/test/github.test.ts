import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { gitHubWebhook } from '@ez/webhooks'
import { verifyGitHubWebhook } from '@ez/webhooks/verify'
import { describe, it } from 'vitest'
import file from '../vectors/github.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.secret)

describeSigner(gitHubWebhook, vectors, {
  credentials: ['secret'],
  secrets: ['secret'],
  signs: ['body'],
  verify: (request, vector) =>
    verifyGitHubWebhook(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [gitHubWebhook(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyGitHubWebhook(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),
  readsClock: false,
  describe,
  it,
})
