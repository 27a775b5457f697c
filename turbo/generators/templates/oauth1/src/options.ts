import { checkOptions } from '@ez/core'
import type { CredentialSource } from './credentials.ts'

/** Options of {@link exampleScheme}. */
export interface ExampleSchemeOptions {
  readonly credentials: CredentialSource
}

/** @throws EZ_OPTION_INVALID */
export function checkExampleSchemeOptions(options: ExampleSchemeOptions): void {
  checkOptions('example-scheme', options, { credentials: 'object|function' })
}

const text = { type: 'string', minLength: 1 }

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['credentials'],
  additionalProperties: false,
  properties: {
    credentials: {
      type: 'object',
      required: ['consumerKey', 'consumerSecret', 'token', 'tokenSecret'],
      additionalProperties: false,
      properties: { consumerKey: text, consumerSecret: text, token: text, tokenSecret: text },
    },
  },
}
