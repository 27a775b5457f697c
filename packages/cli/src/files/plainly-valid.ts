interface PlainSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, PlainSchema>>
  readonly patternProperties?: Readonly<Record<string, PlainSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: PlainSchema
}

// Keywords that are read here, and those that check nothing.
const known: ReadonlySet<string> = new Set([
  ...['type', 'properties', 'patternProperties', 'required', 'additionalProperties', 'enum', 'items'],
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples', 'deprecated'],
])

/**
 * Whether a value certainly fits a JSON Schema: `false` says nothing, since a schema may use more than is read here.
 *
 * It answers for the options that most request files give, without the validator, which takes longer to load and
 * compile than everything else that signing needs.
 */
export function isPlainlyValid(schema: object, value: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || !Object.keys(schema).every((key) => known.has(key)))
    return false
  const {
    type,
    enum: allowed,
    properties = {},
    patternProperties = {},
    required = [],
    additionalProperties = true,
    items,
  } = schema as PlainSchema
  if (type !== undefined && ![type].flat().some((name) => isOfType(name, value))) return false
  if (allowed !== undefined && !(Array.isArray(allowed) && allowed.includes(value))) return false
  if (Array.isArray(value)) return items === undefined || value.every((item) => isPlainlyValid(items, item))
  if (typeof value !== 'object' || value === null) return true
  if (typeof additionalProperties !== 'boolean' || !Array.isArray(required)) return false
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(
      ([name, item]) =>
        // The validator does not see a property of this name in a schema.
        name !== '__proto__' &&
        (schemasOf(name, properties, patternProperties)?.every((own) => isPlainlyValid(own, item)) ??
          additionalProperties),
    )
  )
}

/** What the value of a name must fit; `undefined` when nothing speaks of that name. */
function schemasOf(
  name: string,
  properties: Readonly<Record<string, PlainSchema>>,
  patterns: Readonly<Record<string, PlainSchema>>,
): readonly PlainSchema[] | undefined {
  const own = Object.hasOwn(properties, name) ? [properties[name] as PlainSchema] : []
  const matching = Object.keys(patterns).filter((pattern) => matches(pattern, name))
  const all = [...own, ...matching.map((pattern) => patterns[pattern] as PlainSchema)]
  return all.length === 0 ? undefined : all
}

// A pattern that is none is told by the validator.
function matches(pattern: string, name: string): boolean {
  return new RegExp(pattern, 'u').test(name)
}

function isOfType(name: string, value: unknown): boolean {
  switch (name) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'number':
      return Number.isFinite(value)
    default:
      return (name === 'string' || name === 'boolean') && typeof value === name
  }
}
