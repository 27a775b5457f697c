import { checkOptions } from '../check/options.ts'
import type { PreRequestScript, Provider } from '../contract/step.ts'

/**
 * Removes every header of a name.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { removeHeader } from '@ez/core/steps'
 *
 * console.log(removeHeader('x-debug').id)
 * ```
 */
export function removeHeader(name: string): PreRequestScript {
  checkOptions('remove-header', { name }, { name: 'string' })
  return { specVersion: 1, id: 'remove-header', run: (request) => request.headers.delete(name) }
}

/** What `use: '@ez/core/steps/remove-header'` in a request file loads. */
export const provider: Provider<{ readonly name: string }> = {
  id: 'remove-header',
  options: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Of the header' },
    },
  },
  create: ({ name }) => removeHeader(name),
}
