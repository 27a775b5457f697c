import { checkOptions } from '../check/options.ts'
import type { PreRequestScript, Provider } from '../contract/step.ts'

/**
 * Sends the attempt's nonce in a header.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { nonceHeader } from '@ez/core/steps'
 *
 * console.log(nonceHeader('x-nonce').id)
 * ```
 */
export function nonceHeader(name: string): PreRequestScript {
  checkOptions('nonce-header', { name }, { name: 'string' })
  return {
    specVersion: 1,
    id: 'nonce-header',
    run: (request, context) => request.headers.set(name, context.nonce()),
  }
}

/** What `use: '@ez/core/steps/nonce-header'` in a request file loads. */
export const provider: Provider<{ readonly name: string }> = {
  id: 'nonce-header',
  options: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Of the header' },
    },
  },
  create: ({ name }) => nonceHeader(name),
}
