import { type PrepareContext, Secret } from '@ez/core'
import { postmanText, templateName } from './tokens.ts'
import type { PostmanValues } from './values.ts'

type Named = Record<string, unknown>

/** Variables as scripts get them. */
export interface GivenValues {
  /** Their raw values, as in Postman: a value that holds `{{names}}` holds them. */
  readonly shared: Named
  /** The same variables, with those fetched that a script names. */
  readonly variables: Named
}

/** Reads the variables of an attempt. One that has to be fetched is, when its name stands in a script. */
export async function givenValues(
  { variables = {} }: PrepareContext,
  text: string,
  { removed }: PostmanValues,
): Promise<GivenValues> {
  const shared: Named = {}
  const known: Named = { ...variables }
  for (const [name, value] of Object.entries(variables)) {
    if (removed.has(name)) continue
    if (typeof value !== 'function') shared[name] = typeof value === 'string' ? postmanText(value) : value
    else if (text.includes(name)) {
      shared[name] = await (value as () => unknown)()
      known[name] = shared[name]
    }
  }
  return { shared, variables: known }
}

/** A context in which the template finds what scripts set, as literal values, and does not find what they unset. */
export function withValues(
  context: PrepareContext,
  variables: Named,
  values: PostmanValues,
): { readonly context: PrepareContext; readonly literals: ReadonlyMap<string, unknown> } {
  const literals = new Map<string, unknown>()
  for (const [name, value] of values.literals(context.data)) literals.set(templateName(name), literal(value))
  const kept = Object.entries(variables).filter(([name]) => !values.removed.has(name))
  return {
    literals,
    context: {
      ...context,
      variables: Object.fromEntries(kept),
      data: { ...context.data, ...Object.fromEntries(literals) },
    },
  }
}

// Postman writes lists and maps as JSON, and null as nothing.
function literal(value: unknown): unknown {
  if (value === null) return ''
  return typeof value === 'object' && !Secret.isInstance(value) ? JSON.stringify(value) : value
}
