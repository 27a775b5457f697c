import type { Secret } from '../base/secret.ts'
import type { ProviderHostStore } from './host-store.ts'
import type { PreparedRequest } from './prepared.ts'
import type { Body, BodyTemplate, Pairs, ResolvedRequest } from './request.ts'

/** An ordered list of names and values that a script may edit. Header names are matched without case. */
export interface PairList {
  /**
   * The value of the name: of a query, the first; of headers, all joined as they are sent. `null` when it is absent or
   * waits for an output.
   */
  get(name: string): string | null
  /** Replaces every pair of the name by one, in the first one's place. */
  set(name: string, value: string | Secret): void
  /** Adds a pair at the end. */
  append(name: string, value: string | Secret): void
  /** Removes every pair of the name. */
  delete(name: string): void
  /** The pairs in order, without those that wait for an output. */
  entries(): IterableIterator<[string, string]>
}

/**
 * The request as a pre-request script sees it: variables are resolved, everything can be edited until the script ends.
 *
 * @throws EZ_SCRIPT_ENDED at an edit by a script that has ended
 */
export interface EditableRequest {
  /** In upper case. */
  method: string
  /** Without the query. */
  url: string
  /** The pairs of the query, decoded. */
  readonly query: PairList
  /** The headers; names in any case. */
  readonly headers: PairList
  /** Replaces the body; nothing in it is parsed for tokens. */
  setBody(body: BodyTemplate | null): void
  /**
   * What would be sent now, in wire form.
   *
   * From then on method, URL, body and the headers in it are closed; headers may be added.
   *
   * @throws EZ_CHANGED_AFTER_READ on a later change of what was read
   */
  resolved(): ResolvedRequest
}

/** What a signer knows besides the request. */
export interface SignContext {
  /** The instant of this attempt; the same at every call. */
  now(): Date
  /** The nonce of this attempt; the same at every call. */
  nonce(): string
  /** The template's variables by name, resolved. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** Aborts with the caller's, and when a step took longer than `stepTimeoutMs`. */
  readonly signal?: AbortSignal
}

/** What a pre-request script knows besides the request. */
export interface ScriptContext extends SignContext {
  /** The template's variables by name, resolved; read when they are asked for. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Aborts with the request, and when the step takes longer than it may. */
  readonly signal: AbortSignal
  /** The context's `fetch`, or the runtime's. */
  readonly fetch: typeof fetch
  /** The runtime names `{%name%}` that the template or a later script still waits for. */
  readonly wanted: readonly string[]
  /**
   * The secrets met so far that user-written scripts may not read. A sandbox hides them where the request that it
   * shows to a script holds them.
   */
  readonly withheld: readonly Secret[]
  /**
   * The value of what stands between `{{` and `}}`: a path, with filters if any; resolved and typed. A `Secret`
   * stays one; `undefined` when there is none, a promise when it is being fetched.
   *
   * @throws EZ_VARIABLE_MISSING when there is one, and it refers to a missing name
   */
  lookup(path: string): unknown
  /**
   * The value of what stands between `{%` and `%}`: time tokens, built-ins, outputs so far; `undefined` when there
   * is none.
   */
  runtime(name: string): unknown
  /** Masks a value from now on, wherever the pipeline prints: for a secret that came with the script's options. */
  conceal(value: string | Secret): void
  /**
   * Makes a value available as `{%name%}`; a `Secret` stays one, and `undefined` takes it back.
   *
   * @throws EZ_SCRIPT_VALUE for what cannot stand between `{%` and `%}`
   * @throws EZ_NAME_RESERVED, EZ_CHANGED_AFTER_READ, EZ_SCRIPT_ENDED
   */
  publish(name: string, value: unknown): void
  /** Adds a masked line to the trace. @throws EZ_SCRIPT_ENDED */
  log(message: string): void
}

/** One stage of a signer, as it goes into the trace: `canonical-request`, `string-to-sign`, … */
export interface SignStage {
  /** Such as `string-to-sign`. */
  readonly id: string
  /** As text. */
  readonly value: string
}

/** What a signer returns; core applies it. */
export interface SignResult {
  /** What is written into the request. */
  readonly patch: {
    readonly headers: Readonly<Record<string, string>>
    /** Decoded; core encodes by RFC 3986 and appends in order. */
    readonly query: Pairs
    readonly body?: Body
    /** Bytes of a replaced stream, when known. */
    readonly bodyLength?: number
  }
  /** The stages of the signature, in order. */
  readonly trace: readonly SignStage[]
  /** Values to mask that came from options, such as a session token. */
  readonly secrets?: readonly string[]
}

/** A response, whole, as `diagnose` reads it. */
export interface ResponseSnapshot {
  /** The HTTP status, such as 403. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Pairs
  /** The bytes as they arrived, decompressed. */
  readonly body: Uint8Array
}

/** Where a server's account of the request differs from ours. */
export interface Difference {
  /** Stage id, such as `canonical-request`. */
  readonly stage: string
  /** From 1. */
  readonly line: number
  /** What the server expected. */
  readonly expected: string
  /** What was signed. */
  readonly signed: string
}

/** Why a server refused, in words, and what a client may do about it. */
export interface Diagnosis {
  /** Why the server refused, by kind; a provider may have kinds of its own. */
  readonly cause:
    | 'clock-skew'
    | 'token-expired'
    | 'throttled'
    | 'signature-mismatch'
    | 'credential'
    | 'wrong-region'
    | (string & {})
  /** What is wrong and what to do, in one or two sentences; without secrets. */
  readonly message: string
  /** Milliseconds to add to our clock to have the server's. */
  readonly clockOffsetMs?: number
  /** Milliseconds the server asks us to wait. */
  readonly retryAfterMs?: number
  /** Where the server computed something else than the signer, stage by stage; when it told. */
  readonly differences?: readonly Difference[]
}

/** What scripts and signers share. */
export interface Step {
  /** The version of this contract; core refuses what it does not know. */
  readonly specVersion: 1
  /** Names the step in the trace and in errors. */
  readonly id: string
  /** Reads a refusal of the service that this step signs for; `undefined` when it is not one. */
  diagnose?(response: ResponseSnapshot, prepared: PreparedRequest): Diagnosis | undefined
  /**
   * Asks for one more attempt, prepared anew, after an answer that this step learned from: HTTP Digest, server nonces.
   *
   * `@ez/client` and the `ez` command honour `true`, once per send; the body may be read only here. They also say what
   * was sent, so that a step for several servers knows which one answered.
   */
  challenge?(response: ResponseSnapshot, prepared?: PreparedRequest): boolean | Promise<boolean>
}

/** Code that runs after variables are resolved and before the send; may edit the request and publish outputs. */
export interface PreRequestScript extends Step {
  /** The `{%name%}`s that it reads: scripts before it are told that they are wanted. */
  readonly reads?: readonly string[]
  /** Edits the request and publishes outputs; awaited when it gives a promise. */
  run(request: EditableRequest, context: ScriptContext): void | Promise<void>
  /** Drops what is cached, such as a token that the server refused. */
  forget?(): void
}

/** The strictest kind of pre-request script: pure; reads the frozen request, returns a patch and a trace. */
export interface Signer extends Step {
  /** Everything that this signer may write. Core removes these names before it calls `sign`. */
  readonly writes: {
    /** Lower case. */
    readonly headers: readonly string[]
    /** Decoded, as written. */
    readonly query: readonly string[]
    readonly body?: true
    /**
     * Headers that it reads and may replace, in lower case, such as `content-encoding` of a body that it encodes.
     * They stay in the request that `sign` gets.
     */
    readonly amends?: readonly string[]
  }
  /** Whether it may replace what an earlier signer wrote; see `replacing`. */
  readonly replaces?: true
  /** `false` when it covers nothing of the request, as a bearer token: later signers may change query and body. */
  readonly signs?: false
  /** The URL as this scheme wants it sent; pure, may change path and query only. */
  canonicalUrl?(url: string): string
  /** Signs a request in wire form, and returns what is to be written; changes nothing itself. */
  sign(request: ResolvedRequest, context: SignContext): SignResult | Promise<SignResult>
}

/** What `use:` in a request file loads: the module's export `provider`. */
export interface Provider<Options = unknown> {
  /** Names the provider, such as `aws-sigv4`. */
  readonly id: string
  /** JSON Schema of `with`. */
  readonly options: object
  /** `host` is given by a program that runs request files, such as the `ez` command; code gives none. */
  create(options: Options, host?: ProviderHost): Signer | PreRequestScript
}

/** What a program that runs request files lends to the steps of one file. */
export interface ProviderHost {
  /** Absolute path of the request file. */
  readonly file: string
  /** Whether the user granted the file something, such as `store`. */
  allows(grant: string): boolean
  /**
   * Asks for a grant of the user.
   *
   * @param what names what is asked for, at the beginning of the message
   * @throws EZ_NOT_ALLOWED unless the user granted it
   */
  check(grant: string, what: string): void
  /** Where tokens are kept. */
  readonly store: ProviderHostStore
}
