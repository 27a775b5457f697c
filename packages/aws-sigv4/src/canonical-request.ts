import type { Pairs } from '@ez/core'
import { canonicalHeaders, type SignedHeaderChoice } from './canonical/headers.ts'
import { canonicalPath, type PathRules } from './canonical/path.ts'
import { canonicalQuery, type EncodedPair } from './canonical/query.ts'
import { splitTarget } from './canonical/target.ts'

/** What a canonical request is made of. */
export interface CanonicalRequestInput {
  /** As it is sent, in upper case. */
  readonly method: string
  /** Absolute, or a raw request target with a `host` header. */
  readonly url: string
  /** Pairs as they are sent; names in any case. */
  readonly headers: Pairs
  /** Hex SHA-256 of the body, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string
  /** Which headers are signed besides those that always are: names in lower case, or `all`. */
  readonly signedHeaders: SignedHeaderChoice
  /** How the path is written for signing; S3 differs from the other services. */
  readonly path: PathRules
  /** Headers that the signer adds: lower-case names, trimmed values. */
  readonly addedHeaders?: Pairs | undefined
  /** Query pairs that the signer adds, given the signed header names; encoded. */
  readonly addedQuery?: ((signedHeaders: string) => readonly EncodedPair[]) | undefined
}

/** A canonical request and the names it covers. */
export interface CanonicalRequest {
  /** The canonical request: six parts, each from a new line on, whose SHA-256 is signed. */
  readonly text: string
  /** Lower-case names, sorted, joined with `;`. */
  readonly signedHeaders: string
}

const none: Pairs = []

/**
 * The canonical request: method, path, query, headers, signed header names and payload hash, one per line.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 1.
 *
 * @example
 * ```ts
 * import { createCanonicalRequest } from '@ez/aws-sigv4'
 *
 * const { text } = createCanonicalRequest({
 *   method: 'GET',
 *   url: 'https://example.amazonaws.com/?Param2=value2&Param1=value1',
 *   headers: [['x-amz-date', '20150830T123600Z']],
 *   payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
 *   signedHeaders: 'all',
 *   path: { normalizePath: true, doubleEncode: true, decodeSlash: false },
 * })
 * ```
 */
export function createCanonicalRequest(input: CanonicalRequestInput): CanonicalRequest {
  const target = splitTarget(input.url)
  const headers = canonicalHeaders(
    input.headers,
    input.signedHeaders,
    target.host,
    input.addedHeaders ?? none,
  )
  const query = canonicalQuery(target.query, input.addedQuery?.(headers.signedHeaders))
  const path = canonicalPath(target.path, input.path)
  return {
    text: `${input.method}\n${path}\n${query}\n${headers.lines}\n${headers.signedHeaders}\n${input.payloadHash}`,
    signedHeaders: headers.signedHeaders,
  }
}
