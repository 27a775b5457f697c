import type { StepValue } from '../../model/request-value.ts'

/** What a signature that another client made becomes. */
export interface Signed {
  readonly step: StepValue
  /** Headers that the signer writes itself, in lower case; `authorization` is among them. */
  readonly headers: readonly string[]
  /** The URL without what the signer adds to its query. */
  readonly url?: string
  /** What has to be known before it can sign. */
  readonly secrets: readonly string[]
}

/** What a reader of signatures looks at. */
export interface SignedRequest {
  readonly url: string
  /** The value of `authorization`, or an empty text. */
  readonly authorization: string
  header(name: string): string | undefined
  /** The token for a value that the request holds, such as the id of a key. */
  known(name: string, value: string): string
}
