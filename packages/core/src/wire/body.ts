import { utf8 } from '#crypto'
import { EzError } from '../base/error.ts'
import type { Body } from '../contract/request.ts'

/** A body in wire form. */
export interface WireBody {
  readonly body: Body
  readonly bodyLength: number | undefined
  /** Set when the request has none; empty when none is to be set. */
  readonly contentType: string
}

/** Whether a stream may be announced with this length: in bytes, or unknown. */
export const isLength = (length: number | undefined): boolean =>
  length === undefined || (Number.isSafeInteger(length) && length >= 0)

/** Whether a value is a stream, of this realm or another. */
export const isStream = (value: unknown): value is ReadableStream<Uint8Array> =>
  typeof (value as ReadableStream | undefined)?.getReader === 'function'

/** Bytes that are there at once. */
export const wholeBody = (body: Uint8Array, contentType: string): WireBody => ({
  body,
  bodyLength: undefined,
  contentType,
})

/** A text as UTF-8. @throws EZ_BODY_INVALID */
export function encodeText(content: string): Uint8Array {
  if (!content.isWellFormed())
    throw invalidBody('body', 'it holds half of a surrogate pair, which UTF-8 cannot hold')
  return utf8(content)
}

/** What is wrong with a body, and where. */
export const invalidBody = (place: string, problem: string): EzError =>
  new EzError('EZ_BODY_INVALID', `${place}: ${problem}.`)

/** A part of a body that must be text. @throws EZ_BODY_INVALID */
export function requireText(value: unknown, place: string): string {
  if (typeof value !== 'string') throw invalidBody(place, 'it must be a string')
  return value
}

/** Bytes as `fetch` takes them: of shared memory it would send the numbers as text. */
export const unshareBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes)
