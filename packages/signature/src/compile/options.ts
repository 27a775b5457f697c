import { entries, fields, kindOf, type OptionInfo, type Scope, text, texts } from './scope.ts'

const kinds = ['credential', 'token', 'secret', 'text', 'list']

/** Compiles the rule of an option. @throws EZ_OPTION_INVALID */
export function compileOptions(scope: Scope, place: string, rule: unknown): OptionInfo {
  if (typeof rule === 'string') return checkedKind(scope, place, rule)
  const shape = fields(scope, place, rule, 'default list oneOf kind about')
  if (shape.kind !== undefined) return checkedKind(scope, place, text(scope, place, shape.kind))
  if (shape.list !== undefined)
    return { kind: 'list', optional: true, fallback: texts(scope, place, shape.list) }
  const { default: fallback } = shape
  if (fallback !== undefined && typeof fallback !== 'string' && typeof fallback !== 'number')
    scope.fail(place, 'the default must be a text or a number')
  const oneOf = shape.oneOf === undefined ? undefined : texts(scope, place, shape.oneOf)
  if (oneOf === undefined && fallback === undefined)
    scope.fail(place, 'give a kind, a default, a list or oneOf')
  if (oneOf && fallback !== undefined) scope.among(place, oneOf, String(fallback))
  return {
    kind: 'text',
    optional: fallback !== undefined,
    ...(fallback !== undefined && { fallback: String(fallback) }),
    ...(oneOf && { oneOf }),
  }
}

function checkedKind(scope: Scope, place: string, kind: string): OptionInfo {
  scope.among(place, kinds, kind.replace(/\?$/, ''))
  return kindOf(kind as never)
}

/** The rules of all options, with the words about them. */
export function describedOptions(
  scope: Scope,
  written: unknown,
): readonly { readonly name: string; readonly info: OptionInfo; readonly about?: string }[] {
  return entries(scope, 'options', written).map(([name, rule]) => {
    const about = (rule as { about?: unknown } | null)?.about
    return {
      name,
      info: scope.options.get(name) as OptionInfo,
      ...(typeof about === 'string' && { about }),
    }
  })
}
