import type { NetworkGrant } from '../options.ts'

/** One pre-request script of a collection, a folder or a request. */
export interface PostmanScript {
  /** Shown in errors: `collection.js`, `orders/sign.js`. */
  readonly name: string
  /** The text, as the collection holds it. */
  readonly source: string
}

/** Options of {@link postmanScripts}. */
export interface PostmanScriptsOptions {
  /** In the order in which they run: collection, folders, request. */
  readonly scripts: readonly PostmanScript[]
  /** Milliseconds for all of them, waiting included (default 5,000). */
  readonly timeoutMs?: number
  /** Mebibytes that they may use together (default 64). */
  readonly memoryMb?: number
  /** What `pm.sendRequest` may reach; nothing when left out. */
  readonly allow?: NetworkGrant
}

/** A name and a value of a header or a form; left out of the request when `disabled`. */
export interface PostmanPair {
  /** The name; may hold `{{variables}}`. */
  readonly key: string
  /** May hold `{{variables}}`. */
  readonly value: string
  /** Kept in the list, and not sent. */
  readonly disabled?: boolean
}

/** A request with its `{{variables}}` unresolved, as a collection holds it. Source: Postman Collection Format 2.1.0. */
export interface PostmanRequest {
  /** Such as `POST`. */
  readonly method: string
  /** With the query. */
  readonly url: string
  /** Headers in order. */
  readonly header: readonly PostmanPair[]
  /** The body by its mode; none when left out. */
  readonly body?: {
    readonly mode: 'raw' | 'urlencoded' | 'formdata'
    readonly raw?: string
    readonly urlencoded?: readonly PostmanPair[]
    readonly formdata?: readonly PostmanPair[]
  }
}

/** The scopes of Postman's variables. */
export type PostmanScope = 'variables' | 'iterationData' | 'environment' | 'collectionVariables' | 'globals'

/** An answer, as scripts see it. */
export interface PostmanResponse {
  /** HTTP status. */
  readonly status: number
  /** What the server calls the status, such as `OK`; empty over HTTP/2. */
  readonly statusText: string
  /** Pairs in the order in which they came. */
  readonly headers: readonly (readonly [string, string])[]
  /** The body, read as UTF-8. */
  readonly text: string
  /** Bytes of the body. */
  readonly size: number
  /** From sending to the whole answer. */
  readonly milliseconds: number
}

/** What the scripts of one attempt start from. */
export interface PostmanAttempt {
  /** The request as the collection holds it; it stays as it is. */
  readonly request: PostmanRequest
  /** Values by scope; may hold secrets. */
  readonly scopes?: Partial<Readonly<Record<PostmanScope, Readonly<Record<string, unknown>>>>>
  /** Values of which nobody says the scope: whichever a script asks has them. May hold secrets. */
  readonly shared?: Readonly<Record<string, unknown>>
  /** Of scripts that look at an answer. */
  readonly response?: PostmanResponse
  /** `pm.environment.name`. */
  readonly environmentName?: string
  /** `pm.info.requestName`. */
  readonly requestName?: string
  /** `pm.info.requestId`. */
  readonly requestId?: string
  /** The instant of the attempt. */
  readonly now: Date
  /** Sends what `pm.sendRequest` asks for. */
  readonly fetch?: typeof fetch
  /** Ends the scripts early. */
  readonly signal?: AbortSignal
}

/** A variable that a script set; without `value`, one that it unset. */
export interface PostmanChange {
  /** Where the variable stands. */
  readonly scope: PostmanScope
  /** Name of the variable. */
  readonly name: string
  /** Literal: never expanded again. A secret when it is, or holds, one that scripts may not read. */
  readonly value?: unknown
}

/** What the scripts of one attempt did. */
export interface PostmanOutcome {
  /** The request as the scripts left it. */
  readonly request: PostmanRequest
  /** The request as the scripts found it; `undefined` when none looked at it. */
  readonly original?: PostmanRequest
  /** In order. */
  readonly changes: readonly PostmanChange[]
  /** What they logged, masked. */
  readonly log: readonly string[]
  /** What `pm.test` found. */
  readonly tests: readonly { readonly name: string; readonly passed: boolean; readonly error?: string }[]
}

/** The scripts, checked, to be run once for each attempt. */
export interface PostmanScripts {
  /**
   * Runs all scripts on a copy of the request, and gives what they changed.
   *
   * @throws EZ_SCRIPT_FAILED, EZ_SCRIPT_VALUE, EZ_SCRIPT_TIMEOUT, EZ_SCRIPT_MEMORY, EZ_SCRIPT_OUTPUT,
   * EZ_SANDBOX_BROKEN; nothing may be sent then
   */
  run(attempt: PostmanAttempt): Promise<PostmanOutcome>
}
