import type { OptionSchema } from '../providers/option-schema.ts'
import type { Start } from './start.ts'

/** A first request for any provider: what its options require, as variables of these names. */
export function skeletonOf(use: string, options: OptionSchema | undefined): Start {
  const names = new Set<string>()
  const given = options === undefined ? {} : requiredOf(options, names)
  return {
    use,
    title: use,
    value: {
      name: 'First request',
      method: 'GET',
      url: 'https://{{host}}/',
      variables: { host: 'api.example.com' },
      ...(names.size > 0 && { secrets: [...names] }),
      preRequest: [{ use, with: given }],
    },
  }
}

function requiredOf({ properties = {}, required = [] }: OptionSchema, names: Set<string>): object {
  return Object.fromEntries(required.map((name) => [name, optionValue(name, properties[name] ?? {}, names)]))
}

function optionValue(name: string, schema: OptionSchema, names: Set<string>): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.oneOf ?? schema.anyOf ?? []
  if (first) return optionValue(name, first, names)
  if (schema.properties) return requiredOf(schema, names)
  const variable = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  names.add(variable)
  return `{{${variable}}}`
}
