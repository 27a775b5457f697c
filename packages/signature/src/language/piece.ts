/** A hash that a description may name. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** A signature algorithm with a key pair. */
export type KeyPairAlgorithm =
  | 'rsa-sha1'
  | 'rsa-sha256'
  | 'rsa-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha512'
  | 'ecdsa-p256-sha256'
  | 'ed25519'

/** Holds when all of its fields hold. */
export interface Condition {
  /** The request has this method, or one of these, in upper case. */
  readonly method?: string | readonly string[]
  /** The request has a body, or has none. */
  readonly body?: 'present' | 'empty'
  /** Media types without parameters. */
  readonly type?: string | readonly string[]
  /** A reference whose value is not empty: an option, `header:x-date?`. */
  readonly set?: string
  /** References and the texts, one of which each must equal. */
  readonly is?: Readonly<Record<string, string | readonly string[]>>
}

/** Transforms of a reference, joined with `|`: `sha256|hex`. */
export type Transforms = string

/**
 * What a text is made of: a template such as `{timestamp}.{body}`, pieces that are joined with nothing, or one of the
 * forms below.
 */
export type Piece = string | readonly Piece[] | PieceForm

/** A piece that is more than a template. */
export type PieceForm =
  | { readonly text: Piece; readonly as?: Transforms }
  | { readonly lines: readonly Piece[]; readonly as?: Transforms }
  | {
      readonly join: readonly Piece[]
      readonly with: string
      readonly skip?: 'empty'
      readonly as?: Transforms
    }
  | {
      /** A list; `write` is the template of each pair, of `{name}` and `{value}`. */
      readonly each: string
      readonly write: string
      /** In the place of `write` for a name without `=`. */
      readonly bare?: string
      /** In the place of `write` for an empty value. */
      readonly empty?: string
      readonly with?: string
      /** Stands behind every pair, the last one too. */
      readonly end?: string
      readonly as?: Transforms
    }
  | { readonly when: Condition; readonly then: Piece; readonly else?: Piece; readonly as?: Transforms }
  | {
      readonly choose: string
      readonly from: Readonly<Record<string, Piece>>
      readonly else?: Piece
      readonly as?: Transforms
    }
  | { readonly hmac: HashName; readonly key: Piece; readonly of: Piece; readonly as?: Transforms }
  | {
      readonly chain: HashName
      readonly key: Piece
      readonly over: readonly Piece[]
      readonly as?: Transforms
    }
  | {
      readonly hkdf: HashName
      readonly key: Piece
      readonly salt?: Piece
      readonly info?: Piece
      /** Bytes. */
      readonly length: number
      readonly as?: Transforms
    }

/** What is compared by a verifier: an HMAC, a hash, or a signature with a key pair. */
export type SignatureRule =
  | { readonly hmac: HashName; readonly key: Piece; readonly of: Piece; readonly as: Transforms }
  | { readonly hash: HashName; readonly of: Piece; readonly as: Transforms }
  | {
      readonly sign: KeyPairAlgorithm
      readonly key: Piece
      readonly of: Piece
      readonly as: Transforms
      /** Bytes of salt of RSA-PSS (default: those of the hash). */
      readonly salt?: number
    }
  | { readonly choose: string; readonly from: Readonly<Record<string, SignatureRule>> }

/** A value in parts: `prefix` and pairs, as `Authorization` headers have them. */
export interface ParameterList {
  /** Stands before the pairs, such as the name of the scheme with a space. */
  readonly prefix?: string
  /** Templates by name; a name with `?` at the end is left out when its value is empty. */
  readonly pairs: Readonly<Record<string, string>>
  /** Between pairs (default `, `). */
  readonly with?: string
  /** Between name and value (default `=`). */
  readonly assign?: string
  /** Whether values stand in double quotes. */
  readonly quote?: boolean
}

/** What is written to a header, a parameter or a field: a template, parameters, a list of one, or Basic. */
export type Written =
  | string
  | ParameterList
  | { readonly list: string; readonly with: string }
  | { readonly basic: readonly [user: string, password: string] }

/** Where the results are written. A name with `?` at the end is left out when its value is empty. */
export interface Placements {
  /** Headers by name; each replaces those of that name. */
  readonly headers?: Readonly<Record<string, Written>>
  /** Appended to the query in order, percent-encoded. */
  readonly query?: Readonly<Record<string, string>>
  /** Cookies by name, put into the `cookie` header. */
  readonly cookies?: Readonly<Record<string, string>>
  /** Fields added to a form body. */
  readonly form?: Readonly<Record<string, string>>
  /** Texts added to a JSON body, by JSON pointer: `/sign`. */
  readonly json?: Readonly<Record<string, string>>
  /** A segment of the path that is put in; `at` counts from 0, or from the end when negative. */
  readonly path?: { readonly at: number; readonly write: string }
  /** The whole body in the place of the request's; an empty text removes it. */
  readonly body?: string
}
