import type { SignContext } from '@ez/core'
import { describe, expect, test } from 'vitest'
import { defineSignature, type SignatureDescription } from '../src/index.ts'
import { type Case, casesOf, edgeGridCases, pemOf, requestOf } from './schemes/cases.ts'
import * as clouds from './schemes/clouds.ts'
import * as others from './schemes/others.ts'

interface Scheme {
  readonly description: SignatureDescription | ((one: Case) => SignatureDescription)
  readonly options?: (one: Case) => Record<string, unknown>
  /** The stages that a case publishes, by its names for them. */
  readonly stages?: Record<string, string>
  /** The stage that a case gives the value of. */
  readonly value?: string
  readonly change?: (one: Case) => Partial<Case>
  /** Why a case is not one of this description. */
  readonly leave?: (one: Case) => boolean
}

const secrets = (one: Case): Record<string, unknown> => ({ ...one.secrets })
const canonical = { canonicalRequest: 'canonical-request', stringToSign: 'string-to-sign' }
const without = (names: readonly string[], from: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(from ?? {}).filter(([name]) => !names.includes(name)))

const schemes: Record<string, Scheme> = {
  'algolia-secured-api-key': {
    description: others.algolia,
    options: (one) => ({ ...one.secrets, parameters: one.stages.urlParams }),
    value: 'secured-key',
  },
  'alibaba-acs3-hmac-sha256': { description: clouds.acs3, stages: canonical },
  'alibaba-oss-v1': {
    description: clouds.ossV1,
    options: (one) => ({ ...one.secrets, bucket: one.bucket }),
    stages: canonical,
  },
  'alibaba-oss-v2': {
    description: (one) => clouds.ossV2(one.expires !== undefined),
    options: (one) => ({
      ...one.secrets,
      bucket: one.bucket,
      additional: one.additionalHeaders ?? [],
      expires: one.expires ?? '',
    }),
    stages: canonical,
    change: (one) => ({
      query: without(['x-oss-signature-version', 'x-oss-expires', 'x-oss-access-key-id'], one.query),
    }),
  },
  'alibaba-rpc-v1-hmac-sha1': {
    description: clouds.alibabaRpc,
    stages: { canonicalQuery: 'canonical-query', ...canonical },
    change: (one) => ({
      query: without(
        ['AccessKeyId', 'SignatureMethod', 'SignatureVersion', 'SignatureNonce', 'Timestamp'],
        one.query,
      ),
    }),
  },
  'aws-signature-v2': {
    description: clouds.awsV2,
    stages: canonical,
    change: (one) => ({
      query: without(['AWSAccessKeyId', 'SignatureMethod', 'SignatureVersion', 'Timestamp'], one.query),
    }),
  },
  'azure-servicebus-sas': {
    description: clouds.serviceBus,
    options: (one) => ({ ...one.secrets, resource: 'endpoint/hub', lifetime: 0 }),
    stages: canonical,
    change: (one) => ({ url: '/', timestamp: one.expires }),
  },
  'binance-hmac': { description: others.binance, stages: { payload: 'payload' } },
  'bybit-v2': {
    description: others.bybitV2,
    stages: { payload: 'payload' },
    change: (one) => ({ query: without(['api_key', 'timestamp'], one.query) }),
  },
  'cloudinary-delivery-url': {
    description: others.cloudinaryDelivery,
    options: (one) => ({ ...one.secrets, signed: one.stages.toSign }),
    change: (one) => ({ url: one.url.replace('/{sig}', ''), expected: { signature: one.expected.value } }),
  },
  'cloudinary-upload': {
    description: others.cloudinaryUpload,
    options: (one) => ({ ...one.secrets, apiKey: '1234' }),
    change: (one) => ({
      params: without(['timestamp'], one.params),
      timestamp: one.params.timestamp,
      expected: { form: one.expected.query },
    }),
  },
  'draft-cavage-http-signatures': {
    description: clouds.cavage('Signature ', ','),
    options: (one) => ({
      keyId: one.secrets.keyId,
      privateKey: pemOf(one.secrets.privateKeyPem),
      headers: one.signedHeaders,
    }),
    stages: { signingString: 'signing-string' },
    value: 'signature',
  },
  gemini: { description: others.gemini, change: (one) => ({ body: one.payload }) },
  'github-x-hub-signature-256': {
    description: others.bodyWebhook('x-hub-signature-256', 'hex', 'sha256='),
  },
  'huawei-sdk-hmac-sha256': {
    description: clouds.huawei,
    // SM3 is a hash that this language does not have.
    leave: (one) => one.algorithm.endsWith('SM3'),
    options: (one) => ({ ...one.secrets, algorithm: one.algorithm, ...one.derived }),
    stages: canonical,
  },
  'kraken-spot': {
    description: others.kraken,
    options: (one) => ({ ...one.secrets, apiKey: 'key' }),
    change: () => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  },
  'line-x-line-signature': {
    description: others.bodyWebhook('x-line-signature', 'base64'),
    options: (one) => ({ secret: one.secrets.channelSecret }),
  },
  'mastercard-oauth1': {
    description: others.mastercard,
    options: (one) => ({ consumerKey: one.oauth.oauth_consumer_key, privateKey: testKey() }),
    stages: { parameterString: 'parameter-string' },
    value: 'base-string',
    change: (one) => ({
      nonce: one.oauth.oauth_nonce,
      timestamp: one.oauth.oauth_timestamp,
      url: `${one.url}?${one.query.map(([name, value]: [string, string]) => `${name}=${encodeURIComponent(value)}`).join('&')}`,
      query: {},
    }),
  },
  'oci-request-signature': {
    description: clouds.cavage('Signature version="1",', ','),
    options: (one) => ({
      keyId: one.secrets.keyId,
      privateKey: pemOf(one.secrets.privateKeyPem),
      headers: one.signedHeaders,
    }),
    stages: { signingString: 'signing-string' },
  },
  shopify: {
    description: (one) => (one.expected.query.hmac ? others.shopifyQuery : others.shopifyProxy),
    stages: { payload: 'payload' },
  },
  'slack-v0': { description: others.slack },
  'standard-webhooks': {
    description: others.standardWebhooks,
    options: (one) => ({ ...one.secrets, messageId: one.messageId }),
    stages: { payload: 'payload' },
  },
  'stripe-v1': { description: others.stripe, value: 'signature' },
  'tencent-tc3-hmac-sha256': {
    description: clouds.tc3,
    options: (one) => ({ ...one.secrets, service: one.service, signedHeaders: one.signedHeaders }),
    stages: canonical,
  },
  'tiktok-shop': { description: others.tiktok, stages: { payload: 'payload' } },
  'twilio-x-twilio-signature': {
    description: others.twilio,
    options: (one) => ({ ...one.secrets, signedUrl: one.signedUrl }),
    stages: { payload: 'payload' },
  },
  'volcengine-hmac-sha256': {
    description: clouds.volcengine,
    options: (one) => ({ ...one.secrets, region: one.region, service: one.service }),
    stages: canonical,
  },
  'wechatpay-v3-rsa': {
    description: others.wechat,
    options: (one) => ({
      mchid: one.secrets.mchid,
      serial: one.secrets.serial,
      privateKey: pemOf(one.secrets.privateKeyPem),
    }),
    change: (one) => ({ body: one.message }),
    value: 'signature',
  },
}

const testKey = (): string => pemOf(casesOf('wechatpay-v3-rsa')?.[0]?.secrets.privateKeyPem)

/** Milliseconds of a time as cases write it. */
function instantOf(timestamp: unknown): number {
  const text = String(timestamp ?? 0)
  if (/^\d+$/.test(text)) return Number(text) * (text.length > 11 ? 1 : 1000)
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d):?(\d\d):?(\d\d)/.exec(text)
  return basic
    ? Date.parse(`${basic.slice(1, 4).join('-')}T${basic.slice(4, 7).join(':')}Z`)
    : Date.parse(text.endsWith('Z') ? text : `${text}Z`)
}

const contextOf = (one: Case): SignContext => ({
  now: () => new Date(instantOf(one.timestamp)),
  nonce: () => one.nonce,
})

for (const [name, scheme] of Object.entries(schemes))
  describe.skipIf(casesOf(name) === undefined)(name, () => {
    for (const given of (casesOf(name) ?? []).filter((one) => !scheme.leave?.(one)))
      test(given.title, async () => {
        const one = { ...given, ...scheme.change?.(given) } as Case
        const description =
          typeof scheme.description === 'function' ? scheme.description(one) : scheme.description
        const options = (scheme.options ?? secrets)(one)
        const known = Object.keys(description.options ?? {})
        const fitting = Object.fromEntries(Object.entries(options).filter(([key]) => known.includes(key)))
        const provider = defineSignature(description)
        const request = requestOf(one)
        const stages = new Map(
          (await provider.stages(request, fitting as never, contextOf(one))).map(({ id, value }) => [
            id,
            value,
          ]),
        )
        for (const [theirs, ours] of Object.entries(scheme.stages ?? {}))
          if (one.stages[theirs] !== undefined) expect(stages.get(ours)).toBe(one.stages[theirs])
        if (scheme.value !== undefined) return expect(stages.get(scheme.value)).toBe(one.expected.value)
        if (one.expected.signature !== undefined)
          return expect(`s--${stages.get('signature')}--`).toBe(one.expected.signature)
        const step = provider.create(fitting as never)
        if (!('sign' in step)) throw new Error('no signer')
        const { patch } = await step.sign(request, contextOf(one))
        for (const [header, value] of Object.entries((one.expected.header ?? {}) as Record<string, string>))
          expect(sorted(patch.headers[header.toLowerCase()])).toBe(sorted(value))
        for (const [key, value] of Object.entries((one.expected.query ?? {}) as Record<string, string>))
          expect(patch.query.find(([known]) => known === key)?.[1]).toBe(value)
        for (const [key, value] of Object.entries((one.expected.form ?? {}) as Record<string, string>))
          expect(new TextDecoder().decode(patch.body as Uint8Array)).toContain(`&${key}=${value}`)
        expect(Object.keys(one.expected).length).toBeGreaterThan(0)
      })
  })

/** Parameters in quotes have no order. */
const sorted = (value: string | undefined): string | undefined =>
  value?.includes('="')
    ? value
        .split(/,(?=\w+=")/)
        .sort()
        .join(',')
    : value

const akamai = edgeGridCases()
describe.skipIf(akamai === undefined)('Akamai EdgeGrid', () => {
  for (const one of akamai?.cases ?? [])
    test(one.title, async () => {
      const context = akamai?.context as Case
      const signer = defineSignature(clouds.edgeGrid).create({
        clientToken: context.client_token,
        accessToken: context.access_token,
        clientSecret: context.client_secret,
        headersToSign: context.headers_to_sign,
        maxBodyBytes: context.max_body,
      })
      if (!('sign' in signer)) throw new Error('no signer')
      const headers = (one.headers as [string, string][]).map(([name, value]): [string, string] => [
        name.toLowerCase(),
        value,
      ])
      const { patch, trace } = await signer.sign(
        { ...requestOf({ ...one, headers: {} }), headers },
        contextOf(context),
      )
      expect(patch.headers.authorization).toBe(one.authorization)
      const data = trace.find(({ id }) => id === 'data-to-sign')?.value
      expect(data?.startsWith(one.dataToSign)).toBe(true)
    })
})
