/**
 * A schema of zod, valibot, arktype or any other library that follows Standard Schema.
 *
 * Source: https://standardschema.dev (version 1).
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What the specification asks for (version 1). */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a schema says of a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }
