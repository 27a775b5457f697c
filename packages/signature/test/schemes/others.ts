import type { SignatureDescription } from '../../src/index.ts'

/** Binance, HMAC. */
export const binance = {
  id: 'binance',
  options: { apiKey: 'credential', secretKey: 'secret', recvWindow: { default: 5000 } },
  time: { timestamp: 'unix-ms' },
  stages: { payload: '{query}{body}' },
  signature: { hmac: 'sha256', key: 'secretKey', of: 'payload', as: 'hex' },
  writes: { headers: { 'x-mbx-apikey': '{apiKey}' }, query: { signature: '{signature}' } },
} as const

/** Kraken spot. */
export const kraken = {
  id: 'kraken',
  options: { apiKey: 'credential', secret: 'secret' },
  stages: {
    'inner-hash': { text: '{form:nonce}{body}', as: 'sha256' },
    message: '{path}{inner-hash}',
  },
  signature: { hmac: 'sha512', key: 'secret|from-base64', of: 'message', as: 'base64' },
  writes: { headers: { 'api-key': '{apiKey}', 'api-sign': '{signature}' } },
} as const

/** Bybit v2. */
export const bybitV2 = {
  id: 'bybit-v2',
  options: { apiKey: 'credential', secret: 'secret' },
  time: { timestamp: 'unix-ms' },
  lists: { parameters: { of: ['query', 'form?'] } },
  stages: { payload: { each: 'parameters', write: '{name}={value}', with: '&' } },
  signature: { hmac: 'sha256', key: 'secret', of: 'payload', as: 'hex' },
  writes: { query: { api_key: '{apiKey}', timestamp: '{timestamp}', sign: '{signature}' } },
} as const

/** Bybit v2 with a JSON body, which the signature becomes a member of. */
export const bybitV2Json: SignatureDescription = {
  ...bybitV2,
  lists: { parameters: { of: 'json' } },
  writes: { json: { '/api_key': '{apiKey}', '/timestamp': '{timestamp}', '/sign': '{signature}' } },
} as const

/** Gemini: the body moves into a header. */
export const gemini = {
  id: 'gemini',
  options: { key: 'credential', secret: 'secret' },
  stages: { payload: '{body|base64}' },
  signature: { hmac: 'sha384', key: 'secret', of: 'payload', as: 'hex' },
  writes: {
    headers: {
      'x-gemini-apikey': '{key}',
      'x-gemini-payload': '{payload}',
      'x-gemini-signature': '{signature}',
    },
    body: '',
  },
} as const

/** Algolia secured API key: a value, not a request. */
export const algolia = {
  id: 'algolia',
  options: { parentKey: 'secret', parameters: 'text' },
  stages: { both: '{signature}{parameters}', 'secured-key': '{both|base64}' },
  signature: { hmac: 'sha256', key: 'parentKey', of: 'parameters', as: 'hex' },
} as const

/** Cloudinary upload: a hash with the secret at its end, in the form. */
export const cloudinaryUpload = {
  id: 'cloudinary-upload',
  options: { apiKey: 'credential', apiSecret: 'secret' },
  time: { timestamp: 'unix' },
  lists: { signed: { of: 'form', except: ['file', 'cloud_name', 'resource_type', 'api_key'] } },
  stages: { hashed: [{ each: 'signed', write: '{name}={value}', with: '&' }, '{apiSecret}'] },
  signature: { hash: 'sha1', of: 'hashed', as: 'hex' },
  writes: { form: { timestamp: '{timestamp}', api_key: '{apiKey}', signature: '{signature}' } },
} as const

/** Cloudinary delivery: eight characters in a segment of the path. */
export const cloudinaryDelivery = {
  id: 'cloudinary-delivery',
  options: { apiSecret: 'secret', signed: 'text' },
  stages: { 'to-sign': '{signed}{apiSecret}' },
  signature: { hash: 'sha1', of: 'to-sign', as: 'base64url|first:8' },
  writes: { path: { at: 3, write: 's--{signature}--' } },
} as const

/** Shopify: the query of a redirect. */
export const shopifyQuery = {
  id: 'shopify-query',
  options: { clientSecret: 'secret' },
  lists: { parameters: { of: 'query', read: 'form' } },
  stages: { payload: { each: 'parameters', write: '{name}={value}', with: '&' } },
  signature: { hmac: 'sha256', key: 'clientSecret', of: 'payload', as: 'hex' },
  writes: { query: { hmac: '{signature}' } },
} as const

/** Shopify app proxy. */
export const shopifyProxy = {
  id: 'shopify-proxy',
  options: { clientSecret: 'secret' },
  lists: { parameters: { of: 'query', read: 'form', group: ',', by: 'name' } },
  stages: { payload: { each: 'parameters', write: '{name}={value}' } },
  signature: { hmac: 'sha256', key: 'clientSecret', of: 'payload', as: 'hex' },
  writes: { query: { signature: '{signature}' } },
} as const

/** TikTok Shop. */
export const tiktok = {
  id: 'tiktok-shop',
  options: { appSecret: 'secret' },
  lists: { parameters: { of: 'query', except: ['sign', 'access_token'] } },
  stages: {
    payload: [
      '{appSecret}{path}',
      { each: 'parameters', write: '{name}{value}' },
      { when: { type: 'multipart/form-data' }, then: '', else: '{body}' },
      '{appSecret}',
    ],
  },
  signature: { hmac: 'sha256', key: 'appSecret', of: 'payload', as: 'hex' },
  writes: { query: { sign: '{signature}' } },
} as const

/** WeChat Pay v3. */
export const wechat = {
  id: 'wechat-pay',
  options: { mchid: 'credential', serial: 'text', privateKey: 'secret' },
  time: { timestamp: 'unix' },
  stages: { message: '{body}' },
  signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'message', as: 'base64' },
  writes: { headers: { authorization: '{signature}' } },
} as const

/** Mastercard: values that stand in the header, escaped once. */
export const mastercard = {
  id: 'mastercard',
  options: { consumerKey: 'credential', privateKey: 'secret' },
  time: { timestamp: 'unix' },
  lists: {
    parameters: { of: 'query', name: 'percent', value: 'percent' },
  },
  stages: {
    oauth:
      'oauth_consumer_key={consumerKey}&oauth_nonce={nonce|first:8}&oauth_signature_method=RSA-SHA256&oauth_timestamp={timestamp}&oauth_version=1.0',
    'parameter-string': {
      join: [{ each: 'parameters', write: '{name}={value}', with: '&' }, '{oauth}'],
      with: '&',
      skip: 'empty',
    },
    resource: '{origin}{path}',
    'base-string': '{method}&{resource|percent}&{parameter-string|percent}',
  },
  signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'base-string', as: 'base64' },
  writes: { headers: { authorization: '{signature}' } },
} as const

/** A webhook whose body alone is signed. */
export const bodyWebhook = (header: string, as: string, before = ''): SignatureDescription => ({
  id: 'body-webhook',
  options: { secret: 'secret' },
  signature: { hmac: 'sha256', key: 'secret', of: '{body}', as },
  writes: { headers: { [header]: `${before}{signature}` } },
})

/** Slack v0. */
export const slack = {
  id: 'slack',
  options: { signingSecret: 'secret' },
  time: { timestamp: 'unix' },
  stages: { text: 'v0:{timestamp}:{body}' },
  signature: { hmac: 'sha256', key: 'signingSecret', of: 'text', as: 'hex' },
  writes: {
    headers: { 'x-slack-request-timestamp': '{timestamp}', 'x-slack-signature': 'v0={signature}' },
  },
} as const

/** Stripe v1. */
export const stripe = {
  id: 'stripe',
  options: { endpointSecret: 'secret' },
  time: { timestamp: 'unix' },
  stages: { payload: '{timestamp}.{body}' },
  signature: { hmac: 'sha256', key: 'endpointSecret', of: 'payload', as: 'hex' },
  writes: {
    headers: { 'stripe-signature': { with: ',', pairs: { t: '{timestamp}', v1: '{signature}' } } },
  },
} as const

/** Standard Webhooks v1. */
export const standardWebhooks = {
  id: 'standard-webhooks',
  options: { secret: 'secret', messageId: 'text' },
  time: { timestamp: 'unix' },
  stages: { payload: '{messageId}.{timestamp}.{body}' },
  signature: { hmac: 'sha256', key: 'secret|after:whsec_|from-base64', of: 'payload', as: 'base64' },
  writes: {
    headers: {
      'webhook-id': '{messageId}',
      'webhook-timestamp': '{timestamp}',
      'webhook-signature': { list: 'v1,{signature}', with: ' ' },
    },
  },
} as const

/** Twilio: the URL, and the fields of a form. */
export const twilio = {
  id: 'twilio',
  options: { authToken: 'secret', signedUrl: 'text?' },
  lists: { parameters: { of: 'form?', unique: true } },
  stages: {
    called: { when: { set: 'signedUrl' }, then: '{signedUrl}', else: '{url}' },
    payload: ['{called}', { each: 'parameters', write: '{name}{value}' }],
  },
  signature: { hmac: 'sha1', key: 'authToken', of: 'payload', as: 'base64' },
  writes: { headers: { 'x-twilio-signature': '{signature}' } },
} as const
