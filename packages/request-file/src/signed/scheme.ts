import type { PreparedRequest } from '@ez/core'

/** What of a signed request tells its scheme. */
export interface SignedParts {
  /** The header `authorization`, or nothing. */
  readonly authorization: string
  /** The query, decoded. */
  readonly query: URLSearchParams
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined
  /** The request itself. */
  readonly prepared: PreparedRequest
}

/** A scheme, by what a signed request shows of it. */
export interface SignedScheme {
  /** Names it, such as `aws-sigv4`. */
  readonly id: string
  /** As people call it. */
  readonly title: string
  /** The module that signs by it, as `use` names it. */
  readonly use: string
  /** The status of a refusal of which only the body was saved. */
  readonly status: number
  /** Whether a request is signed by it. */
  isIn(parts: SignedParts): boolean
}
