/**
 * What of a received request a signature answers for; the same type in the result of every verifier.
 *
 * What is not covered here may have been changed by anybody on the way.
 */
export interface Covers {
  /** Whether the method is signed. */
  readonly method: boolean
  /** Whether the host is signed, as a header or as part of the URL. */
  readonly host: boolean
  /** Whether the path is signed. */
  readonly path: boolean
  /** `all`, or the decoded names of the parameters that are signed. */
  readonly query: 'all' | readonly string[]
  /** The names of the signed headers, in lower case. */
  readonly headers: readonly string[]
  /** `all`, `none`, or the number of bytes at the start that are signed. */
  readonly body: 'all' | 'none' | { readonly bytes: number }
}
