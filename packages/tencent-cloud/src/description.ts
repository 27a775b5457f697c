/**
 * TC3-HMAC-SHA256: a canonical request over content type, host and action, signed with a key that is derived from the
 * day and the service.
 *
 * Source: Tencent Cloud API 3.0, "Signature v3".
 */
export const description = {
  id: 'tencent-cloud',
  source: 'https://www.tencentcloud.com/document/api/213/33224',
  options: {
    secretId: 'credential',
    secretKey: 'secret',
    service: { kind: 'text', about: 'As in the host: cvm, cbs, sts' },
    token: { kind: 'token?', about: 'Of temporary credentials' },
    signedHeaders: { list: ['x-tc-action?'], about: 'Signed besides content-type and host' },
  },
  time: { timestamp: 'unix', day: 'day' },
  lists: {
    signed: {
      of: 'headers',
      only: ['content-type?', 'host', '{signedHeaders}'],
      with: { host: '{hostname}' },
      name: 'lower',
      value: 'trim|lower',
    },
  },
  stages: {
    'signed-headers': { each: 'signed', write: '{name}', with: ';' },
    scope: '{day}/{service}/tc3_request',
    'canonical-request': {
      lines: [
        '{method}',
        '{path}',
        '{query}',
        { each: 'signed', write: '{name}:{value}', end: '\n' },
        '{signed-headers}',
        '{body|sha256|hex}',
      ],
    },
    'string-to-sign': {
      lines: ['TC3-HMAC-SHA256', '{timestamp}', '{scope}', '{canonical-request|sha256|hex}'],
    },
    'signing-key': { chain: 'sha256', key: 'TC3{secretKey}', over: ['{day}', '{service}', 'tc3_request'] },
  },
  signature: { hmac: 'sha256', key: 'signing-key', of: 'string-to-sign', as: 'hex' },
  writes: {
    headers: {
      'x-tc-timestamp': '{timestamp}',
      'x-tc-token?': '{token}',
      authorization: {
        prefix: 'TC3-HMAC-SHA256 ',
        pairs: {
          Credential: '{secretId}/{scope}',
          SignedHeaders: '{signed-headers}',
          Signature: '{signature}',
        },
      },
    },
  },
  receives: { tolerance: 300 },
  refusals: [
    {
      code: 'AuthFailure.SignatureExpire',
      cause: 'clock-skew',
      say: 'The timestamp is more than five minutes away from their clock. Set the clock.',
    },
    {
      code: 'AuthFailure.SignatureFailure',
      cause: 'signature-mismatch',
      say: 'Tencent Cloud worked out another signature: the secret key, the service or a signed header is another.',
    },
    { code: 'AuthFailure.SecretIdNotFound', cause: 'credential', say: 'The secret id is not known.' },
    { code: 'AuthFailure.TokenFailure', cause: 'token-expired', say: "The token is over, or another key's." },
    { code: 'RequestLimitExceeded', cause: 'throttled', say: 'Too many requests. Wait and sign anew.' },
  ],
} as const
