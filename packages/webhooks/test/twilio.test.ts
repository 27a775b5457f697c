import { signRequest } from '@ez/core'
import { contextOf, describeSigner, describeVerifier, requestOf, type Vector } from '@ez/core/testing'
import { twilioWebhook } from '@ez/webhooks'
import { verifyTwilioWebhook } from '@ez/webhooks/verify'
import { describe, it } from 'vitest'
import file from '../vectors/twilio.json' with { type: 'json' }

const vectors = file as unknown as Vector[]
const first = vectors.find(({ request }) => request.method === 'POST' && request.body !== null) as Vector
const secretOf = (vector: Vector): string => String(vector.options.authToken)

describeSigner(twilioWebhook, vectors, {
  credentials: ['authToken'],
  secrets: ['authToken'],
  signs: ['path', 'query', 'body'],
  verify: (request, vector) =>
    verifyTwilioWebhook(request, {
      secretFor: () => secretOf(vector),
      now: new Date(vector.context.now),
      maxSkewSeconds: 120,
      options: {},
    }),
  describe,
  it,
})

const { now, nonce } = contextOf(first)
const signed = await signRequest(requestOf(first), [twilioWebhook(first.options as never)], {
  clock: now,
  nonce,
})

describeVerifier({
  request: signed,
  verify: (request, options) =>
    verifyTwilioWebhook(request, {
      secretFor: () => secretOf(first),
      now: now(),
      options: {},
      ...options,
    }),
  readsClock: false,
  describe,
  it,
})
