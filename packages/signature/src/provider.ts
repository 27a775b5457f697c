import { checkOptions, type PreRequestScript, type Provider, type Signer } from '@ez/core'
import { defineSignature } from './define.ts'
import type { SignatureDescription } from './language/description.ts'

/** `with` of `use: '@ez/signature'` in a request file. */
export interface DescribedOptions {
  /** The scheme. */
  readonly describe: SignatureDescription
  /** The options that the description names. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** What `use: '@ez/signature'` in a request file loads: a scheme that stands in the file itself. */
export const provider: Provider<DescribedOptions> = {
  id: 'signature',
  options: {
    type: 'object',
    required: ['describe'],
    additionalProperties: false,
    properties: {
      describe: { type: 'object', description: 'The scheme' },
      options: { type: 'object', description: 'The options that the description names', default: {} },
    },
  },
  create(given): Signer | PreRequestScript {
    checkOptions('signature', given, { describe: 'object', options: 'object?' })
    return defineSignature(given.describe).create((given.options ?? {}) as never)
  },
}
