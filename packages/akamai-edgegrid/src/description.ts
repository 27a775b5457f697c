/**
 * EG1-HMAC-SHA256: one line of tab-separated parts, whose last is the header as far as it is written. Of a POST the first
 * bytes of the body are hashed, of any other request nothing.
 *
 * Source: Akamai, "Authenticate with EdgeGrid".
 */
export const description = {
  id: 'akamai-edgegrid',
  source: 'https://techdocs.akamai.com/developer/docs/authenticate-with-edgegrid',
  options: {
    clientToken: 'credential',
    accessToken: 'token',
    clientSecret: 'secret',
    headersToSign: { list: [], about: 'Headers that the service asks to sign, in their order' },
    maxBodyBytes: { default: 131_072, about: 'Bytes of a POST body that are signed' },
  },
  time: { timestamp: { pattern: "yyyyMMdd'T'HH:mm:ss'+0000'" } },
  lists: {
    signed: {
      of: 'headers',
      only: '{headersToSign}',
      missing: 'skip',
      name: 'lower',
      value: 'trim|collapse',
      sort: 'none',
    },
  },
  stages: {
    'body-hash': {
      when: { method: 'POST', body: 'present' },
      then: '{body|first-bytes:$maxBodyBytes|sha256|base64}',
      else: '',
    },
    'unsigned-header':
      'EG1-HMAC-SHA256 client_token={clientToken};access_token={accessToken};timestamp={timestamp};nonce={nonce};',
    'data-to-sign': {
      join: [
        '{method}',
        '{scheme}',
        '{host}',
        '{target}',
        { each: 'signed', write: '{name}:{value}', with: '\t' },
        '{body-hash}',
        '{unsigned-header}',
      ],
      with: '\t',
    },
    'signing-key': { hmac: 'sha256', key: 'clientSecret', of: 'timestamp', as: 'base64' },
  },
  signature: { hmac: 'sha256', key: 'signing-key', of: 'data-to-sign', as: 'base64' },
  writes: { headers: { authorization: '{unsigned-header}signature={signature}' } },
  receives: { tolerance: 30 },
  refusals: [
    {
      status: 401,
      text: 'Invalid timestamp',
      cause: 'clock-skew',
      say: 'EdgeGrid takes 30 seconds of difference. Set the clock.',
    },
    {
      status: 401,
      text: 'The signature does not match',
      cause: 'signature-mismatch',
      say: 'The client secret is another one, or the request was changed after it was signed.',
    },
    { status: [401, 403], text: 'access token', cause: 'credential', say: 'The access token is not known.' },
    { status: 429, cause: 'throttled', say: 'Too many requests. Wait and sign anew.' },
  ],
} as const
