/** The part of a JSON Schema that is looked at here. */
interface OptionSchema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly oneOf?: readonly OptionSchema[]
  readonly anyOf?: readonly OptionSchema[]
  readonly properties?: Readonly<Record<string, OptionSchema>>
  readonly required?: readonly string[]
}

/**
 * Options of a provider with credentials that are nobody's: what its schema requires, and no more.
 *
 * @example
 * optionsOfNobody({ type: 'object', required: ['secret'], properties: { secret: { type: 'string' } } }) // { secret: 'nobody' }
 */
export function optionsOfNobody(schema: object): Record<string, unknown> {
  const { properties = {}, required = [] } = schema as OptionSchema
  return Object.fromEntries(required.map((name) => [name, valueFor(properties[name] ?? {})]))
}

function valueFor(schema: OptionSchema): unknown {
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  const [first] = schema.oneOf ?? schema.anyOf ?? []
  if (first) return valueFor(first)
  if (schema.properties) return optionsOfNobody(schema)
  const kind = [schema.type].flat()[0]
  if (kind === 'number' || kind === 'integer') return 1
  if (kind === 'array') return []
  return 'nobody'
}
