import type { SignatureDescription } from '../../src/index.ts'

/** Alibaba Cloud ACS3-HMAC-SHA256. */
export const acs3 = {
  id: 'alibaba-acs3',
  options: { accessKeyId: 'credential', accessKeySecret: 'secret' },
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
      authorization: {
        prefix: 'ACS3-HMAC-SHA256 ',
        with: ',',
        pairs: { Credential: '{accessKeyId}', SignedHeaders: '{signed-headers}', Signature: '{signature}' },
      },
    },
  },
} as const

/** Alibaba Cloud's earlier RPC signature, in the query. */
export const alibabaRpc = {
  id: 'alibaba-rpc',
  options: { accessKeyId: 'credential', accessKeySecret: 'secret' },
  time: { date: 'iso' },
  lists: { parameters: { of: ['query', 'form?'], name: 'percent', value: 'percent' } },
  stages: {
    'canonical-query': { each: 'parameters', write: '{name}={value}', with: '&' },
    'string-to-sign': '{method}&%2F&{canonical-query|percent}',
  },
  signature: { hmac: 'sha1', key: '{accessKeySecret}&', of: 'string-to-sign', as: 'base64' },
  writes: {
    query: {
      AccessKeyId: '{accessKeyId}',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: '{nonce}',
      Timestamp: '{date}',
      Signature: '{signature}',
    },
  },
} as const

/** Alibaba OSS V1 in a header. */
export const ossV1 = {
  id: 'alibaba-oss-v1',
  options: { accessKeyId: 'credential', accessKeySecret: 'secret', bucket: 'text' },
  lists: {
    oss: { of: 'headers', only: 'x-oss-*', name: 'lower', value: 'trim' },
    subresources: {
      of: 'query',
      only: ['acl?', 'uploads?', 'location?', 'cors?', 'uploadId?', 'partNumber?', 'versionId?'],
    },
  },
  stages: {
    resource: [
      '/{bucket}{path}',
      { when: { set: 'query' }, then: '?', else: '' },
      { each: 'subresources', write: '{name}={value}', bare: '{name}', with: '&' },
    ],
    'string-to-sign': {
      lines: [
        '{method}',
        '{header:content-md5?}',
        '{header:content-type?}',
        '{header:date}',
        [{ each: 'oss', write: '{name}:{value}', end: '\n' }, '{resource}'],
      ],
    },
  },
  signature: { hmac: 'sha1', key: 'accessKeySecret', of: 'string-to-sign', as: 'base64' },
  writes: { headers: { authorization: 'OSS {accessKeyId}:{signature}' } },
} as const

/** Alibaba OSS V2, in a header or presigned. */
export const ossV2 = (presigned: boolean): SignatureDescription => ({
  id: 'alibaba-oss-v2',
  options: {
    accessKeyId: 'credential',
    accessKeySecret: 'secret',
    bucket: 'text',
    additional: { list: [] },
    expires: { default: '' },
  },
  lists: {
    oss: { of: 'headers', only: ['x-oss-*', '{additional}'], name: 'lower', value: 'trim' },
    additional: { of: 'headers', only: '{additional}', name: 'lower' },
    parameters: { of: 'query', name: 'percent', value: 'percent' },
  },
  stages: {
    'additional-headers': { each: 'additional', write: '{name}', with: ';' },
    resource: '/{bucket}{path}',
    parameters: { each: 'parameters', write: '{name}={value}', bare: '{name}', with: '&' },
    'string-to-sign': {
      lines: [
        '{method}',
        '{header:content-md5?}',
        '{header:content-type?}',
        presigned ? '{expires}' : '{header:date}',
        [{ each: 'oss', write: '{name}:{value}', end: '\n' }, '{additional-headers}'],
        ['{resource|percent}', { when: { set: 'parameters' }, then: '?{parameters}', else: '' }],
      ],
    },
  },
  signature: { hmac: 'sha256', key: 'accessKeySecret', of: 'string-to-sign', as: 'base64' },
  writes: presigned
    ? {
        query: {
          'x-oss-signature-version': 'OSS2',
          'x-oss-expires': '{expires}',
          'x-oss-access-key-id': '{accessKeyId}',
          'x-oss-signature': '{signature}',
        },
      }
    : {
        headers: {
          authorization: {
            prefix: 'OSS2 ',
            with: ',',
            assign: ':',
            pairs: {
              AccessKeyId: '{accessKeyId}',
              'AdditionalHeaders?': '{additional-headers}',
              Signature: '{signature}',
            },
          },
        },
      },
})

/** Tencent Cloud TC3-HMAC-SHA256. */
export const tc3 = {
  id: 'tencent-tc3',
  options: {
    secretId: 'credential',
    secretKey: 'secret',
    service: 'text',
    signedHeaders: { list: ['content-type', 'host'] },
  },
  time: { timestamp: 'unix', day: 'day' },
  lists: {
    signed: {
      of: 'headers',
      only: '{signedHeaders}',
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
        '/',
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
} as const

/** Huawei SDK-HMAC-SHA256, and V11 with a derived key. */
export const huawei = {
  id: 'huawei-sdk',
  options: {
    ak: 'credential',
    sk: 'secret',
    algorithm: { oneOf: ['SDK-HMAC-SHA256', 'V11-HMAC-SHA256'], default: 'SDK-HMAC-SHA256' },
    region: 'text?',
    service: 'text?',
  },
  time: { date: 'iso-basic', day: 'day-basic' },
  lists: {
    signed: { of: 'headers', name: 'lower', value: 'trim' },
    parameters: { of: 'query', name: 'percent', value: 'percent' },
  },
  stages: {
    'signed-headers': { each: 'signed', write: '{name}', with: ';' },
    scope: '{day}/{region}/{service}',
    'canonical-request': {
      lines: [
        '{method}',
        '{path|percent-decode|percent:/|ends:/}',
        { each: 'parameters', write: '{name}={value}', with: '&' },
        { each: 'signed', write: '{name}:{value}', end: '\n' },
        '{signed-headers}',
        '{body|sha256|hex}',
      ],
    },
    'string-to-sign': {
      lines: [
        '{algorithm}',
        '{date}',
        {
          choose: 'algorithm',
          from: {
            'SDK-HMAC-SHA256': '{canonical-request|sha256|hex}',
            'V11-HMAC-SHA256': { lines: ['{scope}', '{canonical-request|sha256|hex}'] },
          },
        },
      ],
    },
    key: {
      choose: 'algorithm',
      from: {
        'SDK-HMAC-SHA256': '{sk}',
        'V11-HMAC-SHA256': {
          hkdf: 'sha256',
          key: 'sk',
          salt: '{ak}',
          info: '{scope}',
          length: 32,
          as: 'hex',
        },
      },
    },
    credential: {
      choose: 'algorithm',
      from: { 'SDK-HMAC-SHA256': 'Access={ak}', 'V11-HMAC-SHA256': 'Credential={ak}/{scope}' },
    },
  },
  signature: { hmac: 'sha256', key: 'key', of: 'string-to-sign', as: 'hex' },
  writes: {
    headers: {
      'x-sdk-date': '{date}',
      authorization: '{algorithm} {credential}, SignedHeaders={signed-headers}, Signature={signature}',
    },
  },
} as const

/** Volcengine. */
export const volcengine = {
  id: 'volcengine',
  options: { ak: 'credential', sk: 'secret', region: 'text', service: 'text' },
  time: { date: 'iso-basic', day: 'day-basic' },
  lists: {
    parameters: { of: 'query', name: 'percent', value: 'percent' },
    signed: {
      of: 'headers',
      only: ['content-type?', 'host', 'x-content-sha256', 'x-date'],
      name: 'lower',
      value: 'trim',
    },
  },
  stages: {
    'body-hash': '{body|sha256|hex}',
    scope: '{day}/{region}/{service}/request',
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
    'string-to-sign': { lines: ['HMAC-SHA256', '{date}', '{scope}', '{canonical-request|sha256|hex}'] },
    'signing-key': { chain: 'sha256', key: 'sk', over: ['{day}', '{region}', '{service}', 'request'] },
  },
  signature: { hmac: 'sha256', key: 'signing-key', of: 'string-to-sign', as: 'hex' },
  writes: {
    headers: {
      'x-date': '{date}',
      'x-content-sha256': '{body-hash}',
      authorization: {
        prefix: 'HMAC-SHA256 ',
        pairs: { Credential: '{ak}/{scope}', SignedHeaders: '{signed-headers}', Signature: '{signature}' },
      },
    },
  },
} as const

/** Signature Version 2 of Amazon's first APIs. */
export const awsV2 = {
  id: 'aws-v2',
  options: { accessKeyId: 'credential', secretAccessKey: 'secret' },
  time: { date: { pattern: "yyyy-MM-dd'T'HH:mm:ss" } },
  lists: { parameters: { of: ['query', 'form?'], name: 'percent', value: 'percent' } },
  stages: {
    'string-to-sign': {
      lines: [
        '{method}',
        '{host|lower}',
        '{path}',
        { each: 'parameters', write: '{name}={value}', with: '&' },
      ],
    },
  },
  signature: { hmac: 'sha256', key: 'secretAccessKey', of: 'string-to-sign', as: 'base64' },
  writes: {
    query: {
      AWSAccessKeyId: '{accessKeyId}',
      SignatureMethod: 'HmacSHA256',
      SignatureVersion: '2',
      Timestamp: '{date}',
      Signature: '{signature}',
    },
  },
} as const

/** Azure Service Bus shared access signature. */
export const serviceBus = {
  id: 'azure-service-bus',
  options: { keyName: 'credential', key: 'secret', resource: 'text', lifetime: { default: 3600 } },
  time: { expiry: { format: 'unix', plus: '$lifetime' } },
  stages: { 'string-to-sign': { lines: ['{resource|percent}', '{expiry}'] } },
  signature: { hmac: 'sha256', key: 'key', of: 'string-to-sign', as: 'base64' },
  writes: {
    headers: {
      authorization: {
        prefix: 'SharedAccessSignature ',
        with: '&',
        pairs: {
          sr: '{resource|percent}',
          sig: '{signature|percent}',
          se: '{expiry}',
          skn: '{keyName|percent}',
        },
      },
    },
  },
} as const

/** Akamai EdgeGrid. */
export const edgeGrid = {
  id: 'akamai-edgegrid',
  options: {
    clientToken: 'credential',
    accessToken: 'credential',
    clientSecret: 'secret',
    headersToSign: { list: [] },
    maxBodyBytes: { default: 131_072 },
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
} as const

/** Oracle Cloud, and draft-cavage in general. */
export const cavage = (prefix: string, separator: string): SignatureDescription => ({
  id: 'cavage',
  options: {
    keyId: 'credential',
    privateKey: 'secret',
    headers: { list: ['(request-target)', 'host', 'date'] },
  },
  lists: {
    signed: {
      of: 'headers',
      only: '{headers}',
      with: { '(request-target)': '{method|lower} {target}', 'content-length': '{body|length}' },
      name: 'lower',
      value: 'trim',
      sort: 'none',
    },
  },
  stages: {
    names: { each: 'signed', write: '{name}', with: ' ' },
    'signing-string': { each: 'signed', write: '{name}: {value}', with: '\n' },
  },
  signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'signing-string', as: 'base64' },
  writes: {
    headers: {
      authorization: {
        prefix,
        with: separator,
        quote: true,
        pairs: {
          headers: '{names}',
          keyId: '{keyId}',
          algorithm: 'rsa-sha256',
          signature: '{signature}',
        },
      },
    },
  },
})
