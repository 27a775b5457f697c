import type { SignedScheme } from './scheme.ts'

/** Schemes whose signers are described as data, by what a signed request shows of them. */
export const vendorSchemes: readonly SignedScheme[] = [
  byAuthorization('akamai-edgegrid', 'Akamai EdgeGrid', /^EG1-HMAC-SHA256 /),
  byAuthorization('alibaba-cloud', 'Alibaba Cloud (ACS3-HMAC-SHA256)', /^ACS3-HMAC-SHA256 /),
  byAuthorization('tencent-cloud', 'Tencent Cloud (TC3-HMAC-SHA256)', /^TC3-HMAC-SHA256 /),
  byHeader('bybit', 'Bybit V5', 'x-bapi-sign'),
  byHeader('kraken', 'Kraken spot', 'api-sign'),
  {
    id: 'mastercard',
    title: 'Mastercard (OAuth 1.0a with body hash)',
    use: '@ez/mastercard',
    status: 401,
    isIn: ({ authorization, prepared }) =>
      /^OAuth .*oauth_body_hash=/i.test(authorization) &&
      /\.mastercard\.com$/i.test(new URL(prepared.url).hostname),
  },
  {
    id: 'oci-signatures',
    title: 'Oracle Cloud Infrastructure',
    use: '@ez/cavage-signatures/oci',
    status: 401,
    isIn: ({ authorization }) => /^Signature (?=.*version="1")/.test(authorization),
  },
  {
    id: 'cybersource-signatures',
    title: 'CyberSource',
    use: '@ez/cavage-signatures/cybersource',
    status: 401,
    isIn: ({ header }) =>
      /\bkeyid="/i.test(header('signature') ?? '') && header('v-c-merchant-id') !== undefined,
  },
  byAuthorization('cavage-signatures', 'HTTP signatures of the draft', /^Signature .*keyId="/i),
  byHeader('webhooks-github', 'A webhook of GitHub', 'x-hub-signature-256', '@ez/webhooks'),
  byHeader('webhooks-slack', 'A webhook of Slack', 'x-slack-signature', '@ez/webhooks'),
  byHeader('webhooks-stripe', 'A webhook of Stripe', 'stripe-signature', '@ez/webhooks'),
  byHeader('webhooks-standard', 'Standard Webhooks', 'webhook-signature', '@ez/webhooks'),
  byHeader('webhooks-twilio', 'A webhook of Twilio', 'x-twilio-signature', '@ez/webhooks'),
  byHeader('webhooks-shopify', 'A webhook of Shopify', 'x-shopify-hmac-sha256', '@ez/webhooks'),
]

function byAuthorization(id: string, title: string, pattern: RegExp): SignedScheme {
  return {
    id,
    title,
    use: `@ez/${id}`,
    status: 401,
    isIn: ({ authorization }) => pattern.test(authorization),
  }
}

function byHeader(id: string, title: string, name: string, use = `@ez/${id}`): SignedScheme {
  return { id, title, use, status: 401, isIn: ({ header }) => header(name) !== undefined }
}
