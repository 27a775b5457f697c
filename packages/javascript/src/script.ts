/**
 * Types of what a script finds in its sandbox: for a module,
 * `/** @type {import('@ez/javascript/script').Script} *\/` above the default export; for plain code,
 * `/// <reference types="@ez/javascript/script" />` as the first line.
 *
 * @module
 */

/** Text, or bytes in any form. */
export type ScriptData = string | ArrayBuffer | ArrayBufferView

/** Names and values in order. Header names are matched without case. */
export interface ScriptPairs extends Iterable<readonly [name: string, value: string]> {
  /** The first value of the name; `null` when it is absent or waits for an output. */
  get(name: string): string | null
  /** Whether a pair has the name. */
  has(name: string): boolean
  /** Replaces every pair of the name by one. */
  set(name: string, value: string): void
  /** Adds a pair at the end. */
  append(name: string, value: string): void
  /** Removes every pair of the name. */
  delete(name: string): void
  /** All pairs in order, without those that wait for an output. */
  entries(): IterableIterator<readonly [name: string, value: string]>
}

/** What {@link ScriptRequest.setBody} takes. */
export type ScriptBody =
  | { readonly json: unknown }
  | { readonly text: string }
  | {
      readonly form:
        | Readonly<Record<string, string | number | boolean | null | undefined>>
        | readonly (readonly [string, string | number | boolean | null])[]
    }
  | { readonly bytes: ArrayBuffer | ArrayBufferView }
  | {
      readonly multipart: readonly {
        readonly name: string
        readonly value: ScriptData
        readonly filename?: string
        readonly contentType?: string
      }[]
    }

/** The request in wire form, as it would be sent now. */
export interface ScriptWireRequest {
  /** In upper case. */
  readonly method: string
  /** Absolute, percent-encoded, with the query. */
  readonly url: string
  /** Lower-case names, each once. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The bytes that would be sent; `null` when there is no body. */
  readonly body: Uint8Array | null
}

/** The request: variables are resolved, everything can be edited. */
export interface ScriptRequest {
  /** Such as `POST`. */
  method: string
  /** Without the query. */
  url: string
  /** Pairs of the query, decoded. */
  readonly query: ScriptPairs
  /** Pairs of the headers; header names in any case. */
  readonly headers: ScriptPairs
  /**
   * The body as it would be sent now. Reading it closes method, URL, body and the headers so far;
   * headers may be added.
   */
  readonly body: { text(): string; json(): unknown; bytes(): Uint8Array }
  /** Replaces the body. */
  setBody(body: ScriptBody | null): void
  /** The whole request as it would be sent now; closes it as reading the body does. */
  resolved(): ScriptWireRequest
}

/**
 * Variables by name. Reading one that nobody defined is EZ_SCRIPT_VALUE; `'name' in variables` asks, and `get` falls back
 * (unless a variable is called so).
 */
export type ScriptVariables = Readonly<Record<string, unknown>> & {
  /** The variable's value; `fallback` when nobody defined it. */
  get(name: string, fallback?: unknown): unknown
}

/** What a script knows besides the request. */
export interface ScriptEnvironment {
  /** The variables of the send. A secret that scripts may not read is a placeholder that can be placed only. */
  readonly variables: ScriptVariables
  /** The values that this script alone was given. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** The runtime names `{%name%}` that the template still waits for. */
  readonly wanted: readonly string[]
  /** Makes a value available as `{%name%}`. */
  publish(name: string, value: unknown): void
  /** The value of `{%name%}`: time tokens, built-ins, outputs so far. */
  runtime(name: string): unknown
  /** Adds a masked line to the trace, as `console.log` does. */
  log(...values: unknown[]): void
  /** The instant of the attempt; `Date.now()` and `new Date()` read it too. */
  now(): Date
  /** The nonce of the attempt; the same at every call. */
  nonce(): string
  /** Present when the script was granted hosts with `allow`. */
  readonly fetch?: typeof fetch
}

/** The default export of a script that is a module. */
export type Script = (request: ScriptRequest, context: ScriptEnvironment) => void | Promise<void>

/** Hash functions of the sandbox. */
export type ScriptHash = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** How a digest is written; bytes when left out. */
export type ScriptEncoding = 'hex' | 'base64' | 'base64url'

declare global {
  interface Crypto {
    hash(algorithm: ScriptHash, data: ScriptData, encoding: ScriptEncoding): string
    hash(algorithm: ScriptHash, data: ScriptData): Uint8Array
    hmac(algorithm: ScriptHash, key: ScriptData, data: ScriptData, encoding: ScriptEncoding): string
    hmac(algorithm: ScriptHash, key: ScriptData, data: ScriptData): Uint8Array
    sha1(data: ScriptData, encoding: ScriptEncoding): string
    sha1(data: ScriptData): Uint8Array
    sha256(data: ScriptData, encoding: ScriptEncoding): string
    sha256(data: ScriptData): Uint8Array
    sha512(data: ScriptData, encoding: ScriptEncoding): string
    sha512(data: ScriptData): Uint8Array
  }
  var request: ScriptRequest
  var context: ScriptEnvironment
  var variables: ScriptVariables
  var parameters: Readonly<Record<string, unknown>>
  function publish(name: string, value: unknown): void
}
