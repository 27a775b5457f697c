/** What is read of the JSON Schema of a provider's options, to show it or to write a first request. */
export interface OptionSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly description?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, OptionSchema>>
  readonly items?: OptionSchema
  readonly oneOf?: readonly OptionSchema[]
  readonly anyOf?: readonly OptionSchema[]
}
