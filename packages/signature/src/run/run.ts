import type { Pairs } from '@ez/core'

/** What a piece gives: text, or bytes that need not be text. */
export type Value = string | Uint8Array

/** A pair of a query, form, header list or JSON object. */
export interface Pair {
  readonly name: string
  readonly value: string
  /** Whether it stands without `=`. */
  readonly bare: boolean
}

/** How names and values are read. */
export type Reading = 'percent' | 'form' | 'raw'

/**
 * The request as pieces read it. The signer's and the verifier's are written apart, so that one cannot repeat a
 * mistake of the other.
 */
export interface Source {
  method(): string
  scheme(): string
  /** With the port where it is not the scheme's own, as it stands in `Host`. */
  host(): string
  hostname(): string
  /** The scheme's own where the URL has none. */
  port(): string
  /** As sent. */
  path(): string
  /** As sent, without `?`. */
  query(): string
  body(): Uint8Array
  header(name: string): string | undefined
  headers(): Pairs
  /** Of the request itself, whatever is written to it. */
  contentType(): string | undefined
  queryPairs(reading: Reading): readonly Pair[]
  /** `undefined` when the body is no form. */
  formPairs(reading: Reading): readonly Pair[] | undefined
  /** The parsed body; `undefined` when it is no JSON. */
  json(): unknown
}

/** One evaluation of a description. */
export interface Run {
  readonly source: Source
  readonly options: Readonly<Record<string, string | readonly string[]>>
  /** Milliseconds since 1970. */
  readonly now: number
  /** Instants and the nonce by name, once they are written, or as a verifier received them. */
  readonly bound: Record<string, string>
  readonly nonce: () => string
  /** What stays the same while the options do. */
  readonly memo: unknown[]
  readonly stages: (Value | undefined)[]
  signature: Value | undefined
  item: Pair | undefined
  /** Bytes or characters that a text may have. */
  readonly limit: number
  /** The names of lists as a sender told them. */
  readonly named?: Readonly<Record<string, readonly string[]>>
  readonly lists: (readonly Pair[] | undefined)[]
  /** What a verifier notes: which parts of the request a stage is made of. */
  readonly notes?: Notes
}

/** What the texts of a description are made of, while a verifier builds them. */
export interface Notes {
  /** A part of the request was read: `path`, `query:a`, `header:date`, `body:1024`. */
  note(part: string): void
  /** What is read within belongs to a stage, and to whatever uses it. */
  stage(index: number, read: () => Value): Value
  /** What is read within decides about a text and is not in it. */
  aside<Result>(read: () => Result): Result
}
