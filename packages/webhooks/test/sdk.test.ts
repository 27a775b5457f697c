import { createHmac } from 'node:crypto'
import { EzError, type ResolvedRequest, type Signer, signRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import { gitHubWebhook, standardWebhook, stripeWebhook, twilioWebhook } from '@ez/webhooks'
import {
  verifyGitHubWebhook,
  verifyStandardWebhook,
  verifyStripeWebhook,
  verifyTwilioWebhook,
} from '@ez/webhooks/verify'
import { sign, verify } from '@octokit/webhooks-methods'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import twilio from 'twilio'
import { describe, expect, test } from 'vitest'

const payload = '{"id":"evt_1","text":"Zürich ✍"}'
const request: ResolvedRequest = {
  method: 'POST',
  url: 'https://hooks.example.com/in?x=1',
  headers: [['content-type', 'application/json']],
  body: utf8(payload),
}
const received = (headers: Record<string, string>): ResolvedRequest => ({
  ...request,
  headers: [...request.headers, ...Object.entries(headers)],
})

async function headersOf(
  signer: Signer,
  now: Date,
  from: ResolvedRequest = request,
): Promise<Record<string, string>> {
  const prepared = await signRequest(from, [signer], { clock: () => now })
  return Object.fromEntries(prepared.headers)
}

describe('@octokit/webhooks-methods 6.0.0', () => {
  test('takes ours, and we take its', async () => {
    const headers = await headersOf(gitHubWebhook({ secret: 'a secret' }), new Date())
    expect(await verify('a secret', payload, headers['x-hub-signature-256'] as string)).toBe(true)
    const theirs = received({ 'x-hub-signature-256': await sign('a secret', payload) })
    expect((await verifyGitHubWebhook(theirs, { secretFor: () => 'a secret' })).covers.body).toBe('all')
  })
})

describe('stripe 23.1.0', () => {
  const stripe = new Stripe('sk_test_example')

  test('takes ours, and we take its', async () => {
    const secret = 'whsec_example'
    const headers = await headersOf(stripeWebhook({ secret }), new Date())
    expect(stripe.webhooks.constructEvent(payload, headers['stripe-signature'] as string, secret).id).toBe(
      'evt_1',
    )
    const header = stripe.webhooks.generateTestHeaderString({ payload, secret })
    // With another signature in front, as while a secret is rolled, and one of the old scheme.
    const rolled = `${header.replace('v1=', 'v1=00,v1=')},v0=11`
    for (const text of [header, rolled])
      await verifyStripeWebhook(received({ 'stripe-signature': text }), { secretFor: () => secret })
  })
})

describe('standardwebhooks 1.1.1', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const webhook = new Webhook(secret)

  test('takes ours, and we take its, under both names', async () => {
    const now = new Date()
    const headers = await headersOf(standardWebhook({ secret, messageId: 'msg_1' }), now)
    expect(webhook.verify(payload, headers)).toEqual(JSON.parse(payload))
    const signature = webhook.sign('msg_1', now, payload)
    const seconds = String(Math.floor(now.getTime() / 1000))
    for (const prefix of ['webhook', 'svix'])
      await verifyStandardWebhook(
        received({
          [`${prefix}-id`]: 'msg_1',
          [`${prefix}-timestamp`]: seconds,
          [`${prefix}-signature`]: `v1a,AAAA v1,AAAA ${signature}`,
        }),
        { secretFor: () => secret },
      )
  })
})

describe('twilio 6.3.1', () => {
  const token = '12345'
  const form = { From: '+14158675309', Digits: '1234', Body: 'Zürich & more' }
  const formRequest: ResolvedRequest = {
    ...request,
    headers: [['content-type', 'application/x-www-form-urlencoded']],
    body: utf8(new URLSearchParams(form).toString()),
  }

  test('takes ours, and we take its, with and without the port', async () => {
    const headers = await headersOf(twilioWebhook({ authToken: token }), new Date(), formRequest)
    const signature = headers['x-twilio-signature'] as string
    expect(twilio.validateRequest(token, signature, formRequest.url, form)).toBe(true)
    const theirs = twilio.getExpectedTwilioSignature(token, formRequest.url, form)
    const headerPairs = [...formRequest.headers, ['x-twilio-signature', theirs] as const]
    for (const url of [formRequest.url, formRequest.url.replace('.com/', '.com:443/')])
      await verifyTwilioWebhook({ ...formRequest, url, headers: headerPairs }, { secretFor: () => token })
  })

  test('of a JSON body the hash is in the query', async () => {
    const prepared = await signRequest(request, [twilioWebhook({ authToken: token })])
    const signature = prepared.headers.find(([name]) => name === 'x-twilio-signature')?.[1] ?? ''
    expect(twilio.validateRequestWithBody(token, signature, prepared.url, payload)).toBe(true)
    const other = { ...prepared, body: utf8('{}') }
    const error = await verifyTwilioWebhook(other, { secretFor: () => token }).catch(
      (thrown: unknown) => thrown,
    )
    expect(EzError.isInstance(error) && error.code).toBe('EZ_BODY_MISMATCH')
  })
})

test('the other side is not ours: a signature by node:crypto verifies', async () => {
  const signature = createHmac('sha256', 'a secret').update(payload).digest('hex')
  await verifyGitHubWebhook(received({ 'x-hub-signature-256': `sha256=${signature}` }), {
    secretFor: () => 'a secret',
  })
})
