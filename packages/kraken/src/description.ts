/**
 * API-Sign: HMAC-SHA512 of the path and of the bytes of SHA-256 over the nonce and the form. The nonce is the clock in
 * microseconds, so that it grows; it stands in the form, too.
 *
 * Source: Kraken, "Spot REST authentication".
 */
export const description = {
  id: 'kraken',
  source: 'https://docs.kraken.com/api/docs/guides/spot-rest-auth',
  options: {
    apiKey: 'credential',
    apiSecret: { kind: 'secret', about: 'In base64, as Kraken shows it' },
  },
  time: { clock: 'unix-us' },
  stages: {
    'inner-hash': { text: '{clock}{body}', as: 'sha256' },
    message: '{path}{inner-hash}',
  },
  signature: { hmac: 'sha512', key: 'apiSecret|from-base64', of: 'message', as: 'base64' },
  writes: {
    form: { nonce: '{clock}' },
    headers: { 'api-key': '{apiKey}', 'api-sign': '{signature}' },
  },
  receives: { tolerance: 60 },
  refusals: [
    {
      text: 'EAPI:Invalid nonce',
      cause: 'nonce-used',
      say: 'A request with a higher nonce came before: two programs share the key, or a clock went back. Give each its own key.',
    },
    {
      text: 'EAPI:Invalid signature',
      cause: 'signature-mismatch',
      say: "The secret is another key's, or the form was changed.",
    },
    { text: 'EAPI:Invalid key', cause: 'credential', say: 'The key is not known.' },
    { text: 'EAPI:Rate limit exceeded', cause: 'throttled', say: 'Too many requests. Wait and sign anew.' },
  ],
} as const
