/** GitHub: the body. Source: GitHub, "Validating webhook deliveries". */
export const gitHub = {
  id: 'webhooks-github',
  options: { secret: 'secret' },
  signature: { hmac: 'sha256', key: 'secret', of: 'body', as: 'hex' },
  writes: { headers: { 'x-hub-signature-256': 'sha256={signature}' } },
} as const

/** Slack: version, timestamp and body. Source: Slack, "Verifying requests from Slack". */
export const slack = {
  id: 'webhooks-slack',
  options: { secret: 'secret' },
  time: { timestamp: 'unix' },
  stages: { text: 'v0:{timestamp}:{body}' },
  signature: { hmac: 'sha256', key: 'secret', of: 'text', as: 'hex' },
  writes: {
    headers: { 'x-slack-request-timestamp': '{timestamp}', 'x-slack-signature': 'v0={signature}' },
  },
  receives: { tolerance: 300 },
} as const

/**
 * Stripe: timestamp and body; several `v1` while a secret is rolled. The prefix `whsec_` is part of the key.
 *
 * Source: Stripe, "Verify webhook signatures manually".
 */
export const stripe = {
  id: 'webhooks-stripe',
  options: { secret: 'secret' },
  time: { timestamp: 'unix' },
  stages: { payload: '{timestamp}.{body}' },
  signature: { hmac: 'sha256', key: 'secret', of: 'payload', as: 'hex' },
  writes: {
    headers: { 'stripe-signature': { with: ',', pairs: { t: '{timestamp}', v1: '{signature}' } } },
  },
  receives: { tolerance: 300, sides: 'past' },
} as const

/**
 * Standard Webhooks, symmetric (`v1`): id, timestamp and body. Senders before the standard use `svix-` names.
 *
 * Source: Standard Webhooks 1.0.0.
 */
export const standard = {
  id: 'webhooks-standard',
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
  receives: {
    tolerance: 300,
    also: [
      {
        headers: {
          'svix-id': '{messageId}',
          'svix-timestamp': '{timestamp}',
          'svix-signature': { list: 'v1,{signature}', with: ' ' },
        },
      },
    ],
  },
} as const

/**
 * Twilio: the URL, and the fields of a form, sorted; of another body its hash, which stands in the query.
 *
 * Source: Twilio, "Security", validating requests.
 */
export const twilio = {
  id: 'webhooks-twilio',
  options: { authToken: 'secret' },
  lists: { parameters: { of: 'form?', unique: true } },
  stages: {
    'body-hash': {
      when: { body: 'present' },
      then: { when: { type: 'application/x-www-form-urlencoded' }, then: '', else: '{body|sha256|hex}' },
      else: '',
    },
    payload: ['{url}', { each: 'parameters', write: '{name}{value}' }],
  },
  signature: { hmac: 'sha1', key: 'authToken', of: 'payload', as: 'base64' },
  writes: {
    query: { 'bodySHA256?': '{body-hash}' },
    headers: { 'x-twilio-signature': '{signature}' },
  },
  receives: { ports: 'either' },
} as const

/** Shopify: the body. Source: Shopify, "Deliver webhooks through HTTPS". */
export const shopify = {
  id: 'webhooks-shopify',
  options: { secret: 'secret' },
  signature: { hmac: 'sha256', key: 'secret', of: 'body', as: 'base64' },
  writes: { headers: { 'x-shopify-hmac-sha256': '{signature}' } },
} as const
