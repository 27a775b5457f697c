/** Names and values in order; a name may come more than once. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** The bytes of a body, at once or as a stream. */
export type Body = Uint8Array | ReadableStream<Uint8Array>

/** A value of a query or form pair; `undefined` leaves the pair out. */
export type TemplateValue = string | number | boolean | null | undefined

/** One part of a `multipart/form-data` body. */
export interface MultipartPart {
  /** The name of the field. */
  name: string
  /** A text is sent as UTF-8, bytes as they are. */
  value: string | Uint8Array
  /** Makes the part a file. */
  filename?: string
  /** Default for a file `application/octet-stream`; otherwise none is sent. */
  contentType?: string
}

/** A body as it is written; it is serialised once, to the bytes that are signed and sent. */
export type BodyTemplate =
  | { json: unknown }
  | { form: Record<string, TemplateValue> | readonly (readonly [string, TemplateValue])[] }
  | { multipart: readonly MultipartPart[] }
  | { text: string }
  | {
      /** Sent as they are, and not copied: they must not change while the request or its trace is in use. */
      bytes: Uint8Array
    }
  | {
      /** A function, so that each attempt reads the stream anew. */
      stream: () => ReadableStream<Uint8Array>
      /** Bytes, when known beforehand. */
      length?: number
    }

/** A request in which nothing is a token; what {@link signRequest} takes beside a `Request`. */
export interface ConcreteRequest {
  /** Such as `GET`, in any case; sent in upper case. */
  readonly method: string
  /** Absolute, with its query; a fragment is not sent. */
  readonly url: string
  /** A record, or a list of pairs where a name stands more than once. */
  readonly headers?: Record<string, string> | Pairs
  /** A text is sent as UTF-8; `null` or nothing means no body. */
  readonly body?: string | Body | null
  /** Bytes, of a stream whose length is known. */
  readonly bodyLength?: number
}

/** The request in wire form, read-only: what signers sign and what is sent. */
export interface ResolvedRequest {
  /** Upper case. */
  readonly method: string
  /** Absolute, percent-encoded; exactly what `fetch` sends. */
  readonly url: string
  /** Lower-case names, each once. */
  readonly headers: Pairs
  /** Bytes, or a stream that can be read once. */
  readonly body: Body | null
  /** Bytes, of a stream whose length is known. */
  readonly bodyLength?: number
}
