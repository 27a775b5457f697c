import type { BodyDraft } from './body-draft.ts'
import type { Text } from './text.ts'

/** A pair of the query: a segment in wire form, as the URL holds it, or a name and a value to be encoded. */
export type QueryEntry = { readonly raw: Text } | { readonly name: Text; readonly value: Text }

/** A header, in the writer's own case. */
export interface HeaderEntry {
  readonly name: string
  readonly value: Text
}

/** The request between `resolve` and `freeze`: variables are resolved, outputs may still be open. */
export interface Draft {
  method: Text
  /** Scheme, host and path in wire form. */
  head: Text
  query: QueryEntry[]
  headers: HeaderEntry[]
  body: BodyDraft | null
}
