/**
 * ACS3-HMAC-SHA256: a canonical request over the host, the content type and every `x-acs-` header, hashed and signed.
 *
 * Source: Alibaba Cloud OpenAPI, "V3 request structure and signature".
 */
export const description = {
  id: 'alibaba-cloud',
  source: 'https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature',
  options: {
    accessKeyId: 'credential',
    accessKeySecret: 'secret',
    securityToken: { kind: 'token?', about: 'Of temporary credentials (STS)' },
  },
  time: { date: 'iso' },
  lists: {
    parameters: { of: 'query', name: 'percent', value: 'percent' },
    signed: { of: 'headers', only: ['host', 'content-type?', 'x-acs-*'], name: 'lower', value: 'trim' },
  },
  stages: {
    'body-hash': '{body|sha256|hex}',
    'signed-headers': { each: 'signed', write: '{name}', with: ';' },
    'canonical-request': {
      lines: [
        '{method}',
        '{path}',
        { each: 'parameters', write: '{name}={value}', with: '&' },
        { each: 'signed', write: '{name}:{value}', end: '\n' },
        '{signed-headers}',
        '{body-hash}',
      ],
    },
    'string-to-sign': { lines: ['ACS3-HMAC-SHA256', '{canonical-request|sha256|hex}'] },
  },
  signature: { hmac: 'sha256', key: 'accessKeySecret', of: 'string-to-sign', as: 'hex' },
  writes: {
    headers: {
      'x-acs-date': '{date}',
      'x-acs-signature-nonce': '{nonce}',
      'x-acs-content-sha256': '{body-hash}',
      'x-acs-security-token?': '{securityToken}',
      authorization: {
        prefix: 'ACS3-HMAC-SHA256 ',
        with: ',',
        pairs: {
          Credential: '{accessKeyId}',
          SignedHeaders: '{signed-headers}',
          Signature: '{signature}',
        },
      },
    },
  },
  receives: { tolerance: 900 },
  refusals: [
    {
      code: 'SignatureDoesNotMatch',
      cause: 'signature-mismatch',
      say: 'Alibaba Cloud worked out another signature: compare the canonical request in its message with ours.',
    },
    {
      code: 'IncompleteSignature',
      cause: 'signature-mismatch',
      say: 'A part of the authorization is missing or cannot be read.',
    },
    { code: 'InvalidAccessKeyId.NotFound', cause: 'credential', say: 'The access key id is not known.' },
    {
      code: 'InvalidSecurityToken.Expired',
      cause: 'token-expired',
      say: 'The temporary credentials are over. Get new ones.',
    },
    {
      code: 'InvalidTimeStamp.Expired',
      cause: 'clock-skew',
      say: 'The date is more than 15 minutes away from their clock. Set the clock.',
    },
    {
      code: 'SignatureNonceUsed',
      cause: 'nonce-used',
      say: 'The nonce was used before. Sign every attempt anew.',
    },
    { code: 'Throttling', cause: 'throttled', say: 'Too many requests. Wait and sign anew.' },
  ],
} as const
