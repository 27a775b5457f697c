/**
 * OAuth 1.0a as Mastercard's own signer has it: the values of the `oauth_` parameters stand in the parameter string as
 * they are, so that they are escaped once where RFC 5849 escapes them twice; the query is taken as written; the hash of the
 * body is always there.
 *
 * Source: Mastercard, "Using OAuth 1.0a to access Mastercard APIs"; mastercard-oauth1-signer 1.2.0.
 */
export const description = {
  id: 'mastercard',
  source:
    'https://developer.mastercard.com/platform/documentation/authentication/using-oauth-1a-to-access-mastercard-apis/',
  options: {
    consumerKey: 'credential',
    privateKey: { kind: 'secret', about: 'PEM of the signing key' },
  },
  time: { timestamp: 'unix' },
  lists: {
    parameters: {
      of: 'query',
      read: 'raw',
      unique: true,
      with: {
        oauth_body_hash: '{body|sha256|base64}',
        oauth_consumer_key: '{consumerKey}',
        oauth_nonce: '{nonce|first:8}',
        oauth_signature_method: 'RSA-SHA256',
        oauth_timestamp: '{timestamp}',
        oauth_version: '1.0',
      },
    },
  },
  stages: {
    'parameter-string': { each: 'parameters', write: '{name}={value}', with: '&' },
    resource: '{origin}{path}',
    'base-string': {
      text: '{method}&{resource|uri}&{parameter-string|uri|replace:*:%252A}',
      as: 'replace:!:%2521',
    },
  },
  signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'base-string', as: 'base64' },
  writes: {
    headers: {
      authorization: {
        prefix: 'OAuth ',
        with: ',',
        quote: true,
        pairs: {
          oauth_body_hash: '{body|sha256|base64}',
          oauth_consumer_key: '{consumerKey}',
          oauth_nonce: '{nonce|first:8}',
          oauth_signature_method: 'RSA-SHA256',
          oauth_timestamp: '{timestamp}',
          oauth_version: '1.0',
          oauth_signature: '{signature|percent}',
        },
      },
    },
  },
  receives: { tolerance: 300 },
  refusals: [
    {
      text: 'AUTHENTICATION_FAILED',
      cause: 'signature-mismatch',
      say: 'Mastercard worked out another base string, or the key is another one.',
    },
    {
      text: 'OAUTH_BODY_HASH',
      cause: 'signature-mismatch',
      say: 'The body was changed after it was signed.',
    },
    {
      text: 'INVALID_TIMESTAMP',
      cause: 'clock-skew',
      say: 'The timestamp is too far from their clock. Set the clock.',
    },
    { text: 'INVALID_CLIENT_ID', cause: 'credential', say: 'The consumer key is not known.' },
  ],
} as const
