import type { Secret } from '../base/secret.ts'
import { checkOptions } from '../check/options.ts'
import type { PreRequestScript, Provider } from '../contract/step.ts'

/**
 * Sets a header, replacing any of the same name.
 *
 * @throws EZ_OPTION_INVALID when it is created
 *
 * @example
 * ```ts
 * import { setHeader } from '@ez/core/steps'
 *
 * console.log(setHeader('x-tenant', 'a').id)
 * ```
 */
export function setHeader(name: string, value: string | Secret): PreRequestScript {
  checkOptions('set-header', { name, value }, { name: 'string', value: 'text|secret' })
  return { specVersion: 1, id: 'set-header', run: (request) => request.headers.set(name, value) }
}

/** What `use: '@ez/core/steps/set-header'` in a request file loads. */
export const provider: Provider<{ readonly name: string; readonly value: string }> = {
  id: 'set-header',
  options: {
    type: 'object',
    required: ['name', 'value'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, description: 'Of the header' },
      value: { type: 'string' },
    },
  },
  create: ({ name, value }) => setHeader(name, value),
}
