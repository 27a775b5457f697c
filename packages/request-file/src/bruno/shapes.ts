/** A header, a field or a parameter of a collection. */
export interface Entry {
  readonly name?: string
  readonly value?: unknown
  readonly type?: string
  readonly contentType?: string
  readonly disabled?: boolean
}

/** An authorization: `inherit`, or its type and what that needs. */
export type BrunoAuth = 'inherit' | (Readonly<Record<string, unknown>> & { readonly type?: string })

/** A body, as OpenCollection writes it. */
export interface BrunoBody {
  readonly type?: string
  readonly data?: unknown
}

/** What a request, a folder or a collection may set. */
export interface BrunoDefaults {
  readonly headers?: readonly Entry[]
  readonly auth?: BrunoAuth
  readonly variables?: readonly Entry[]
  readonly scripts?: readonly { readonly type?: string; readonly code?: string }[]
}

/** A request in the terms of OpenCollection, whatever file it comes from. */
export interface BrunoRequest extends BrunoDefaults {
  readonly name: string
  /** `http`, `graphql`, or a protocol that has no counterpart. */
  readonly type: string
  readonly seq: number
  readonly method?: string
  readonly url?: string
  readonly params?: readonly Entry[]
  readonly body?: BrunoBody
  readonly assertions?: readonly {
    readonly expression?: string
    readonly operator?: string
    readonly value?: unknown
    readonly disabled?: boolean
  }[]
}

/** Named values of one environment. */
export interface BrunoEnvironment {
  /** As its file is called, without the ending. */
  readonly name: string
  /** Values by name. */
  readonly variables: Readonly<Record<string, string>>
}
