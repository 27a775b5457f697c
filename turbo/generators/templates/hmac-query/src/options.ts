import { checkOptions, EzError } from '@ez/core'
import type { CredentialSource } from './credentials.ts'

/** Options of {@link exampleScheme}. */
export interface ExampleSchemeOptions {
  readonly credentials: CredentialSource
  /** Seconds that the URL holds, from 1 to 604800 (default 900). */
  readonly expiresIn?: number
}

const longestExpiry = 604_800

/** @throws EZ_OPTION_INVALID */
export function checkExampleSchemeOptions(options: ExampleSchemeOptions): void {
  checkOptions('example-scheme', options, { credentials: 'object|function', expiresIn: 'number?' })
  const { expiresIn = 900 } = options
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > longestExpiry)
    throw new EzError(
      'EZ_OPTION_INVALID',
      `example-scheme: option expiresIn must be a whole number of seconds from 1 to ${longestExpiry}.`,
    )
}

/** JSON Schema of the options that a request file can hold. */
export const optionsSchema: object = {
  type: 'object',
  required: ['credentials'],
  additionalProperties: false,
  properties: {
    credentials: {
      type: 'object',
      required: ['keyId', 'secretKey'],
      additionalProperties: false,
      properties: {
        keyId: { type: 'string', minLength: 1 },
        secretKey: { type: 'string', minLength: 1 },
      },
    },
    expiresIn: { type: 'integer', minimum: 1, maximum: longestExpiry, default: 900, description: 'Seconds' },
  },
}
