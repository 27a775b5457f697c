import { checkOptions, EzError, type Secret } from '@ez/core'

/** Options of {@link exampleScheme}. */
export interface ExampleSchemeOptions {
  /** The token endpoint. */
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string | Secret
  readonly scope?: string
}

const rules = { tokenUrl: 'string', clientId: 'string', clientSecret: 'secret', scope: 'string?' }

/** @throws EZ_OPTION_INVALID, EZ_CREDENTIAL_MISSING */
export function checkExampleSchemeOptions(options: ExampleSchemeOptions): void {
  checkOptions('example-scheme', options, rules)
  if (!/^https:\/\/|^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)[:/]/.test(options.tokenUrl))
    throw new EzError('EZ_OPTION_INVALID', 'example-scheme: option tokenUrl must begin with https://.')
}

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['tokenUrl', 'clientId', 'clientSecret'],
  additionalProperties: false,
  properties: {
    tokenUrl: { type: 'string', format: 'uri' },
    clientId: { type: 'string', minLength: 1 },
    clientSecret: { type: 'string', minLength: 1 },
    scope: { type: 'string', minLength: 1 },
  },
}
