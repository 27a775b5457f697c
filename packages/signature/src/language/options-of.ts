import type { Secret, SignContext } from '@ez/core'
import type { OptionKind, OptionRule, SignatureDescription } from './description.ts'

/** A credential: a value, or a function of the context that gives it, for rotation. */
export type Credential =
  | string
  | Secret
  | ((context: SignContext) => string | Secret | Promise<string | Secret>)

type ValueOf<Kind extends string> = Kind extends `list${string}`
  ? readonly string[]
  : Kind extends `text${string}`
    ? string | number
    : Credential

type ValueOfRule<Rule> = Rule extends OptionKind
  ? ValueOf<Rule>
  : Rule extends { readonly list: unknown }
    ? readonly string[]
    : Rule extends { readonly oneOf: readonly (infer Text)[] }
      ? Text
      : Rule extends { readonly kind: infer Kind extends OptionKind }
        ? ValueOf<Kind>
        : string | number

type IsOptional<Rule> = Rule extends `${string}?`
  ? true
  : Rule extends { readonly kind: `${string}?` }
    ? true
    : Rule extends { readonly default: unknown } | { readonly list: unknown }
      ? true
      : false

type Rules<Description> = Description extends { readonly options: infer Options }
  ? Options
  : Record<never, OptionRule>

type Flat<Shape> = { [Key in keyof Shape]: Shape[Key] }

/** The options of a described scheme, typed from its description. */
export type OptionsOf<Description extends SignatureDescription> = Flat<
  {
    readonly [Key in keyof Rules<Description> as IsOptional<Rules<Description>[Key]> extends true
      ? never
      : Key]: ValueOfRule<Rules<Description>[Key]>
  } & {
    readonly [Key in keyof Rules<Description> as IsOptional<Rules<Description>[Key]> extends true
      ? Key
      : never]?: ValueOfRule<Rules<Description>[Key]>
  }
>
