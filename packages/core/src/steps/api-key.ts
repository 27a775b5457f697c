import { checkOptions } from '../check/options.ts'
import type { Provider, Signer } from '../contract/step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'

/** Options of {@link apiKey}. */
export interface ApiKeyOptions {
  /** Of the header or the query pair. */
  readonly name: string
  /** The key; masked wherever it is shown. */
  readonly value: Credential
  /** Default `header`. */
  readonly placement?: 'header' | 'query'
}

/**
 * Sends an API key in a header or in the query.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { apiKey } from '@ez/core/steps'
 *
 * const signer = apiKey({ name: 'x-api-key', value: 'example-key' })
 * console.log(signer.id)
 * ```
 */
export function apiKey(options: ApiKeyOptions): Signer {
  const id = 'api-key'
  checkOptions(id, options, { name: 'string', value: credentialRule, placement: "'header'|'query'?" })
  const { name } = options
  const inQuery = options.placement === 'query'
  const header = name.toLowerCase()
  return {
    specVersion: 1,
    id,
    signs: false,
    writes: inQuery ? { headers: [], query: [name] } : { headers: [header], query: [] },
    sign: (_, context) =>
      withCredential(id, options.value, context, (value) => ({
        patch: inQuery
          ? { headers: {}, query: [[name, value]] }
          : { headers: { [header]: value }, query: [] },
        trace: [],
        secrets: [value],
      })),
  }
}

/** What `use: '@ez/core/steps/api-key'` in a request file loads. */
export const provider: Provider<ApiKeyOptions> = {
  id: 'api-key',
  options: {
    type: 'object',
    required: ['name', 'value'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Of the header or the query pair' },
      value: { type: 'string', description: 'The key' },
      placement: { enum: ['header', 'query'], default: 'header' },
    },
  },
  create: apiKey,
}
