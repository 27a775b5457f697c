/** A value without parameters: RFC 9651 section 3.3, with its type, so that `1` and `1.0` stay apart. */
export type BareItem =
  | { readonly type: 'integer' | 'decimal'; readonly value: number }
  | { readonly type: 'string' | 'token' | 'display-string'; readonly value: string }
  | { readonly type: 'byte-sequence'; readonly value: Uint8Array }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Seconds since 1970. */
  | { readonly type: 'date'; readonly value: number }

/** Parameters by name, in order. */
export type Parameters = ReadonlyMap<string, BareItem>

/** A value with its parameters: `"a";q=1`. */
export interface Item {
  /** Without its parameters. */
  readonly value: BareItem
  /** Of this value; an empty map when there are none. */
  readonly parameters: Parameters
}

/** A list in parentheses, with its own parameters: `("a" "b");q=1`. */
export interface InnerList {
  /** In order. */
  readonly items: readonly Item[]
  /** Of the list itself. */
  readonly parameters: Parameters
}

/** What stands between the commas of a list, or behind a key of a dictionary. */
export type Member = Item | InnerList

/** Members by key, in order. */
export type Dictionary = ReadonlyMap<string, Member>
