import {
  encodeText,
  invalidBody,
  isLength,
  isStream,
  unshareBytes,
  type WireBody,
  wholeBody,
} from '../wire/body.ts'
import type { Text } from './text.ts'

/** What a body takes from the attempt that it is written for. */
export interface BodySources {
  /** The boundary of a multipart body. */
  boundary(): string
  /** Opens the stream of a template. */
  openStream(stream: () => ReadableStream<Uint8Array>): ReadableStream<Uint8Array>
}

/** A resolved body, whose texts may still wait for outputs. */
export interface BodyDraft {
  readonly texts: readonly Text[]
  /** Serialises the body, with its texts filled in. @throws EZ_BODY_INVALID */
  write(texts: readonly string[], sources: BodySources): WireBody
}

/** A body of text. */
export const textBody = (text: Text, contentType: string): BodyDraft => ({
  texts: [text],
  write: ([content = '']) => wholeBody(encodeText(content), contentType),
})

/** A body of bytes, which is sent as it is. */
export const bytesBody = (bytes: Uint8Array, contentType: string): BodyDraft => ({
  texts: [],
  write: () => wholeBody(unshareBytes(bytes), contentType),
})

/** A body that is read while it is sent; its length in bytes, when known. */
export const streamBody = (
  stream: (sources: BodySources) => ReadableStream<Uint8Array>,
  bodyLength: number | undefined,
  contentType: string,
): BodyDraft => {
  if (!isLength(bodyLength)) throw invalidBody('body.length', 'it must be a number of bytes')
  return {
    texts: [],
    write: (_, sources) => {
      const body = stream(sources)
      if (!isStream(body))
        throw invalidBody('body.stream', 'the function must give a ReadableStream, at once')
      if (body.locked) throw invalidBody('body.stream', 'it was read before, or is being read')
      return { body, bodyLength, contentType }
    },
  }
}
