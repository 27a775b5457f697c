import { defaultVersion } from './options.ts'

const text = { type: 'string', minLength: 1 }
const texts = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, text]))

const keys = {
  type: 'object',
  required: ['accountName'],
  properties: {
    accountName: text,
    accountKey: { ...text, description: 'In base64' },
    userDelegationKey: {
      type: 'object',
      description: 'For UserDelegationSAS: what "Get User Delegation Key" answered',
      properties: texts([
        'signedObjectId',
        'signedTenantId',
        'signedStartsOn',
        'signedExpiresOn',
        'signedService',
        'signedVersion',
        'value',
      ]),
    },
  },
}

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['credentials'],
  additionalProperties: false,
  properties: {
    credentials: {
      description: 'Keys; or default, or whose: from where Azure users have them (--allow credentials)',
      anyOf: [
        keys,
        { type: 'object', required: ['token'], properties: { token: text } },
        { const: 'default' },
        {
          type: 'object',
          minProperties: 1,
          additionalProperties: false,
          properties: texts(['tenantId', 'managedIdentityClientId', 'scope']),
        },
      ],
    },
    scheme: {
      enum: ['SharedKey', 'SharedKeyLite', 'AccountSAS', 'ServiceSAS', 'UserDelegationSAS', 'Bearer'],
      description: 'Default: SharedKey; Bearer with credentials of this machine',
    },
    version: { ...text, default: defaultVersion },
    service: { enum: ['blob', 'queue', 'table', 'file'] },
    sas: {
      type: 'object',
      additionalProperties: false,
      properties: {
        permissions: text,
        expiresIn: { type: 'integer', minimum: 1, default: 900, description: 'Seconds' },
        startsIn: { type: 'integer', description: 'Seconds' },
        services: { ...text, default: 'bq' },
        resourceTypes: { ...text, default: 'sco' },
        service: { enum: ['blob', 'queue', 'table'] },
        resource: { enum: ['container', 'blob', 'directory'] },
        protocol: { enum: ['https', 'https,http'], default: 'https' },
        responseHeaders: {
          type: 'object',
          additionalProperties: false,
          properties: texts([
            'cacheControl',
            'contentDisposition',
            'contentEncoding',
            'contentLanguage',
            'contentType',
          ]),
        },
        ...texts(['directory', 'identifier', 'ip', 'encryptionScope']),
        ...texts(['startPartitionKey', 'startRowKey', 'endPartitionKey', 'endRowKey']),
      },
    },
  },
}
