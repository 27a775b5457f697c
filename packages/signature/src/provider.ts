import { checkOptions, type PreRequestScript, type Provider, type Signer } from '@ez/core'
import { defineSignature } from './define.ts'
import type { SignatureDescription } from './language/description.ts'

/** `with` of `use: '@ez/signature'` in a request file. */
export interface DescribedOptions {
  /** The scheme; in a request file also the path of a YAML or JSON file that holds it. */
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
      describe: {
        description: 'The scheme, or the path of a YAML or JSON file that holds it',
        oneOf: [{ type: 'object' }, { type: 'string', minLength: 1 }],
      },
      options: { type: 'object', description: 'The options that the description names', default: {} },
    },
  },
  create(given): Signer | PreRequestScript {
    checkOptions('signature', given, { describe: 'object', options: 'object?' })
    return defineSignature(given.describe).create((given.options ?? {}) as never)
  },
}
