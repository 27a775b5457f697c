import { describedOptions } from './compile/options.ts'
import type { Program } from './compile/program.ts'
import type { SignatureDescription } from './language/description.ts'

/** The JSON Schema of a described scheme's options, for `with` in a request file. */
export function schemaOf({ scope }: Program, description: SignatureDescription): object {
  const text = { type: 'string', minLength: 1 }
  const options = describedOptions(scope, description.options)
  return {
    type: 'object',
    additionalProperties: false,
    required: options.filter(({ info }) => !info.optional).map(({ name }) => name),
    properties: Object.fromEntries(
      options.map(({ name, info, about }) => {
        const base = info.oneOf
          ? { enum: info.oneOf }
          : info.kind === 'list'
            ? { type: 'array', items: text }
            : info.kind === 'text'
              ? { type: ['string', 'number'] }
              : text
        return [
          name,
          {
            ...base,
            ...(info.fallback !== undefined && { default: info.fallback }),
            ...(about !== undefined && { description: about }),
          },
        ]
      }),
    ),
  }
}
