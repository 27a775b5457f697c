import type { Piece, Placements, SignatureRule } from './piece.ts'

/**
 * What kind of value an option holds; with `?` at the end it may be left out and is then an empty text.
 *
 * `credential` names the caller and is sent; `token` is sent and masked; `secret` is never sent, only signed with;
 * `text` is anything else; `list` is a list of texts.
 */
export type OptionKind =
  | 'credential'
  | 'credential?'
  | 'token'
  | 'token?'
  | 'secret'
  | 'secret?'
  | 'text'
  | 'text?'
  | 'list'
  | 'list?'

/** An option of a described scheme: its kind, or a text with a default, or one of some texts. */
export type OptionRule =
  | OptionKind
  | { readonly default: string | number; readonly about?: string }
  | { readonly list: readonly string[]; readonly about?: string }
  | { readonly oneOf: readonly string[]; readonly default?: string; readonly about?: string }
  | { readonly kind: OptionKind; readonly about: string }

/**
 * How an instant is written: a named format, or a pattern.
 *
 * `unix` seconds, `unix-ms`, `unix-us` microseconds; `iso` 2026-01-15T12:36:00Z, `iso-ms` with three decimals,
 * `iso-basic` 20260115T123600Z; `http` Thu, 15 Jan 2026 12:36:00 GMT; `day` 2026-01-15, `day-basic` 20260115.
 */
export type TimeFormat =
  | 'unix'
  | 'unix-ms'
  | 'unix-us'
  | 'iso'
  | 'iso-ms'
  | 'iso-basic'
  | 'http'
  | 'day'
  | 'day-basic'

/** An instant of a described scheme. */
export type TimeRule =
  | TimeFormat
  | {
      readonly format?: TimeFormat
      /** `yyyy yy MMM MM M dd d EEE HH H hh h mm m ss s SSS a`, and literal text in single quotes. */
      readonly pattern?: string
      /** Of a pattern: `+08:00` (default `+00:00`). */
      readonly zone?: string
      /** Seconds after the instant of signing, or `$option`; the verifier takes it for the end of the signature. */
      readonly plus?: number | string
    }

/** Where the pairs of a list come from. `form?` has none where the body is no form; `form` is then an error. */
export type PairSource = 'query' | 'form' | 'form?' | 'headers' | 'json'

/** Pairs of the request, chosen, transformed and ordered once; `each` writes them. */
export interface ListRule {
  /** Where the pairs are read: the query, the form or JSON body, the headers. */
  readonly of: PairSource | readonly PairSource[]
  /**
   * Names in any case; `x-acs-*` is every name with that prefix, `date?` may be absent, `{headers}` is an option of the
   * kind list. Default: all.
   */
  readonly only?: string | readonly string[]
  /** Names, or prefixes with `*`, that are left out. */
  readonly except?: string | readonly string[]
  /** What happens when a name of `only` is not in the request (default `refuse`). */
  readonly missing?: 'refuse' | 'skip' | 'empty'
  /** Names that a verifier requires to be among those that were signed. */
  readonly required?: readonly string[]
  /** Pairs that are computed, by their names, such as `(request-target)`; they stand before those of the request. */
  readonly with?: Readonly<Record<string, Piece>>
  /** How names and values are read: percent-decoded (default for a query), as a form, or raw as written. */
  readonly read?: 'percent' | 'form' | 'raw'
  /** Transforms of the name, as in a reference: `lower|percent`. */
  readonly name?: string
  /** Transforms of the value, as in a reference: `trim|collapse`. */
  readonly value?: string
  /** By the bytes of what the transforms gave (`encoded`, default), of what was read, or as sent or listed. */
  readonly sort?: 'encoded' | 'decoded' | 'none'
  /** Whether equal names are ordered by their values too (default `pair`). */
  readonly by?: 'pair' | 'name'
  /** Leave out repeated pairs. */
  readonly unique?: boolean
  /** Joins the values of equal names by this text into one pair. */
  readonly group?: string
  /** Leaves out pairs without a value. */
  readonly drop?: 'empty'
}

/** What a refusal of the service means. */
export interface RefusalRule {
  /** HTTP status, or some. */
  readonly status?: number | readonly number[]
  /** A code that stands in the body as a whole word. */
  readonly code?: string
  /** A text that stands in the body. */
  readonly text?: string
  /** `clock-skew`, `token-expired`, `throttled`, `signature-mismatch`, `credential`, `wrong-region`, or another word. */
  readonly cause: string
  /** What to tell, in a sentence. */
  readonly say: string
}

/** How a verifier reads what was sent. */
export interface ReceivingRule {
  /** Other places that a sender may have written to, such as the headers of an earlier name. */
  readonly also?: readonly Placements[]
  /** Seconds that the clocks may differ (default 300). */
  readonly tolerance?: number
  /** `past`: a time ahead of the clock is not refused (default `both`). */
  readonly sides?: 'past' | 'both'
  /** `either`: the URL is tried as called, with the default port and without a port (default `as-called`). */
  readonly ports?: 'as-called' | 'either'
}

/** A signature scheme as data. Everything in it can be written as JSON. */
export interface SignatureDescription {
  /** Of a file: where its JSON Schema is, for editors. */
  readonly $schema?: string
  /** Lower-case letters, digits and `-`; stands before messages and in traces. */
  readonly id: string
  /** Where the vendor describes the scheme. */
  readonly source?: string
  /** What a user of the signer gives, by name: credentials and settings. */
  readonly options?: Readonly<Record<string, OptionRule>>
  /** Instants by name, all of one reading of the clock. */
  readonly time?: Readonly<Record<string, TimeRule>>
  /** Pairs of the request that are signed, by name. */
  readonly lists?: Readonly<Record<string, ListRule>>
  /** Texts and bytes by name, in order: each may use those before it. They are the stages of the trace. */
  readonly stages?: Readonly<Record<string, Piece>>
  /** What is signed, with which algorithm and key, and how the result is encoded. */
  readonly signature: SignatureRule
  /** Where the signature and what belongs to it are put. */
  readonly writes?: Placements
  /** How a verifier finds and checks what was sent. */
  readonly receives?: ReceivingRule
  /** What the service's refusals mean, for `diagnose`. */
  readonly refusals?: readonly RefusalRule[]
}
