import type { TemplateValue, TimeOptions } from '@ez/core'

/** Named values of a query or a form: a map, or a list of pairs where a name comes twice. */
export type Values = Record<string, TemplateValue> | [string, TemplateValue][]

/** One entry of `preRequest`, as it is written: a provider, a script, or why there is none yet. */
export interface StepValue {
  /** The module of a provider, such as `@ez/aws-sigv4`. */
  readonly use?: string
  /** The provider's options. */
  readonly with?: unknown
  /** A script's file, relative to the request file. */
  readonly script?: string
  /** What the script was written for, when that is not this project: it runs as it is, before anything is resolved. */
  readonly dialect?: 'postman'
  /** Why the request must not be sent until somebody puts a signer here. */
  readonly blocked?: string
  /** Values that a script is given. */
  readonly parameters?: Record<string, unknown>
  /** What a script's results are called as runtime values. */
  readonly exports?: Record<string, string>
  /** Hosts that a script may send to. */
  readonly allow?: { readonly hosts?: string[] }
  /** How long a script may run, in milliseconds. */
  readonly timeoutMs?: number
  /** How much memory a script may use, in MiB. */
  readonly memoryMb?: number
}

/** A part of a multipart body: a text, or a file. */
export interface PartValue {
  /** The name of the field. */
  readonly name: string
  /** The text of the part. */
  readonly value?: string
  /** The file that the part is read from. */
  readonly file?: string
  /** The name of the file that the server is told. */
  readonly filename?: string
  /** The media type of the part. */
  readonly contentType?: string
}

/** A body, as it is written: exactly one of its keys. */
export interface BodyValue {
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Values
  /** Sent as `multipart/form-data`. */
  readonly multipart?: PartValue[]
  /** Sent as it is, in UTF-8. */
  readonly text?: string
  /** Bytes, in base64. */
  readonly base64?: string
  /** A file that is read whole. */
  readonly file?: string
  /** A file that is sent as it is read. */
  readonly stream?: string
}

/** What the response must be like. */
export interface Expectation {
  /** The status, or several that are good. */
  readonly status?: number | number[]
  /** Headers and their values. */
  readonly headers?: Record<string, string>
  /** What the body must hold, as JSON. */
  readonly json?: unknown
  /** What the body must hold, as text. */
  readonly text?: string
  /** The longest time that the response may take, in milliseconds. */
  readonly maxMilliseconds?: number
}

/** The limit that requests of one account keep together: in one run, and with a queue over all workers. */
export interface RateLimitValue {
  /** The account; may hold `{{names}}`. */
  readonly key?: string
  /** Requests a second. */
  readonly perSecond?: number
  /** Requests at the same time. */
  readonly concurrency?: number
}

/** Where a request carries what lets a server tell that it comes again. */
export interface IdempotencyValue {
  /** Name of a header. */
  readonly header?: string
  /** Path in the JSON body, as in `$.requestId`. */
  readonly json?: string
}

/** A request, as a request file writes it. */
export interface RequestValue {
  /** What the request is called. */
  readonly name?: string
  /** The HTTP method. */
  readonly method?: string
  /** The URL, with its query or without. */
  readonly url?: string
  /** Added to the query of the URL. */
  readonly query?: Values
  /** Header names and values. */
  readonly headers?: Record<string, string> | [string, string][]
  /** The body. */
  readonly body?: BodyValue
  /** How time tokens are written. */
  readonly time?: TimeOptions
  /** Pre-request steps, in order. */
  readonly preRequest?: StepValue[]
  /** Scripts of Postman that look at the answer, in order. */
  readonly tests?: StepValue[]
  /** Values of variables. */
  readonly variables?: Record<string, unknown>
  /** Names of variables that hold secrets. */
  readonly secrets?: string[]
  /** Hosts that the request may be sent to. */
  readonly allowedHosts?: string[]
  /** What the response must be like. */
  readonly expect?: Expectation
  /** What requests of one account keep together. */
  readonly rateLimit?: RateLimitValue
  /** Requests at the same time, of rows and of several requests. */
  readonly concurrency?: number
  /** Values of the answer by name, and where they stand. */
  readonly capture?: Record<string, object>
  /** Where the request carries the key by which a server knows it again. */
  readonly idempotency?: IdempotencyValue
}

/** A flow step, as far as a reader writes one: a request with an `id`, and what it does with a list. */
export interface FlowStepValue extends RequestValue {
  /** What later steps and the command line call it. */
  readonly id: string
  /** How a list goes on after its first page. */
  readonly paginate?: object
  /** Path of the list of records. */
  readonly records?: string
  /** The step whose records it runs for. */
  readonly each?: string
}

/** A request file, as it is written. */
export interface FileValue<Step extends RequestValue = FlowStepValue> extends RequestValue {
  /** Files that this one builds on. */
  readonly extends?: string | string[]
  /** What all requests of the file share. */
  readonly defaults?: RequestValue
  /** Independent requests. */
  readonly requests?: RequestValue[]
  /** The steps of a flow. */
  readonly steps?: Step[]
}
