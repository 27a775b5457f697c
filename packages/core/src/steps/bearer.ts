import { checkOptions } from '../check/options.ts'
import type { Provider, Signer } from '../contract/step.ts'
import { type Credential, credentialRule, withCredential } from './credential.ts'

/** Options of {@link bearer}. */
export interface BearerOptions {
  /** Without `Bearer`; masked wherever it is shown. */
  readonly token: Credential
}

/**
 * Sends a bearer token in `authorization`. Source: RFC 6750 section 2.1.
 *
 * @throws EZ_CREDENTIAL_MISSING, EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { bearer } from '@ez/core/steps'
 *
 * const signer = bearer({ token: (context) => String(context.variables?.token) })
 * console.log(signer.id)
 * ```
 */
export function bearer(options: BearerOptions): Signer {
  const id = 'bearer'
  checkOptions(id, options, { token: credentialRule })
  return {
    specVersion: 1,
    id,
    signs: false,
    writes: { headers: ['authorization'], query: [] },
    sign: (_, context) =>
      withCredential(id, options.token, context, (token) => ({
        patch: { headers: { authorization: `Bearer ${token}` }, query: [] },
        trace: [],
        secrets: [token],
      })),
  }
}

/** What `use: '@ez/core/steps/bearer'` in a request file loads. */
export const provider: Provider<BearerOptions> = {
  id: 'bearer',
  options: {
    type: 'object',
    required: ['token'],
    additionalProperties: false,
    properties: {
      token: { type: 'string', description: 'Without "Bearer"' },
    },
  },
  create: bearer,
}
