import { utf8 } from '@ez/core/crypto'
import type { Attempt } from '../attempt/attempt.ts'
import { EzError } from '../base/error.ts'
import type { Body } from '../contract/request.ts'
import type { Text } from './text.ts'

/** A resolved body, whose texts may still wait for outputs. */
export interface BodyDraft {
  readonly texts: readonly Text[]
  /** Serialises the body, with its texts filled in. @throws EZ_BODY_INVALID */
  write(texts: readonly string[], attempt: Attempt): WireBody
}

/** A body in wire form. */
export interface WireBody {
  readonly body: Body
  readonly bodyLength: number | undefined
  /** Set when the request has none; empty when none is to be set. */
  readonly contentType: string
}

/** A body of text. */
export const textBody = (text: Text, contentType: string): BodyDraft => ({
  texts: [text],
  write: ([content = '']) => whole(encoded(content), contentType),
})

/** A body of bytes, which is sent as it is. */
export const bytesBody = (bytes: Uint8Array, contentType: string): BodyDraft => ({
  texts: [],
  write: () => whole(sendable(bytes), contentType),
})

/** Bytes as `fetch` takes them: of shared memory it would send the numbers as text. */
export const sendable = (bytes: Uint8Array): Uint8Array =>
  bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes)

/** A body that is read while it is sent; its length in bytes, when known. */
export const streamBody = (
  stream: (attempt: Attempt) => ReadableStream<Uint8Array>,
  bodyLength: number | undefined,
  contentType: string,
): BodyDraft => {
  if (!isLength(bodyLength)) throw invalidBody('body.length', 'it must be a number of bytes')
  return {
    texts: [],
    write: (_, attempt) => {
      const body = stream(attempt)
      if (!isStream(body))
        throw invalidBody('body.stream', 'the function must give a ReadableStream, at once')
      if (body.locked) throw invalidBody('body.stream', 'it was read before, or is being read')
      return { body, bodyLength, contentType }
    },
  }
}

/** Whether a stream may be announced with this length: in bytes, or unknown. */
export const isLength = (length: number | undefined): boolean =>
  length === undefined || (Number.isSafeInteger(length) && length >= 0)

/** Whether a value is a stream, of this realm or another. */
export const isStream = (value: unknown): value is ReadableStream<Uint8Array> =>
  typeof (value as ReadableStream | undefined)?.getReader === 'function'

/** Bytes that are there at once. */
export const whole = (body: Uint8Array, contentType: string): WireBody => ({
  body,
  bodyLength: undefined,
  contentType,
})

/** A text as UTF-8. @throws EZ_BODY_INVALID */
export function encoded(content: string): Uint8Array {
  if (!content.isWellFormed())
    throw invalidBody('body', 'it holds half of a surrogate pair, which UTF-8 cannot hold')
  return utf8(content)
}

/** What is wrong with a body, and where. */
export const invalidBody = (place: string, problem: string): EzError =>
  new EzError('EZ_BODY_INVALID', `${place}: ${problem}.`)

/** A part of a body that must be text. @throws EZ_BODY_INVALID */
export function textPart(value: unknown, place: string): string {
  if (typeof value !== 'string') throw invalidBody(place, 'it must be a string')
  return value
}
