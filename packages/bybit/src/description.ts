/**
 * V5: HMAC-SHA256 of timestamp, key, window and what is asked: the query of a GET, the body of anything else.
 *
 * Source: Bybit, "Integration guidance", authentication.
 */
export const description = {
  id: 'bybit',
  source: 'https://bybit-exchange.github.io/docs/v5/guide',
  options: {
    apiKey: 'credential',
    apiSecret: 'secret',
    recvWindow: { default: 5000, about: 'Milliseconds that a request holds' },
  },
  time: { timestamp: 'unix-ms' },
  stages: {
    text: [
      '{timestamp}',
      '{apiKey}',
      '{recvWindow}',
      { when: { method: 'GET' }, then: '{query}', else: '{body}' },
    ],
  },
  signature: { hmac: 'sha256', key: 'apiSecret', of: 'text', as: 'hex' },
  writes: {
    headers: {
      'x-bapi-api-key': '{apiKey}',
      'x-bapi-timestamp': '{timestamp}',
      'x-bapi-recv-window': '{recvWindow}',
      'x-bapi-sign': '{signature}',
    },
  },
  receives: { tolerance: 5 },
  refusals: [
    {
      code: '10002',
      cause: 'clock-skew',
      say: 'The timestamp is outside the window. Set the clock, or raise recvWindow.',
    },
    { code: '10003', cause: 'credential', say: 'The API key is not known: that of the other net, perhaps.' },
    {
      code: '10004',
      cause: 'signature-mismatch',
      say: 'Bybit worked out another signature: the secret is another, or the query was changed.',
    },
    { code: '10005', cause: 'credential', say: 'The key may not do this. Change its permissions.' },
    { code: '10006', cause: 'throttled', say: 'Too many requests. Wait and sign anew.' },
    { code: '33004', cause: 'token-expired', say: 'The API key is over.' },
  ],
} as const
