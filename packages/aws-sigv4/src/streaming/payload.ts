import { type Body, EzError, type Pairs, type ResolvedRequest, type Signer } from '@ez/core'
import type { HmacKey } from '@ez/core/crypto'
import type { SigningScope } from '../string-to-sign.ts'
import type { FullSettings } from '../upload-options.ts'
import { encodeBytes, encodeStream } from './encode.ts'
import { encodedLength, type FrameRules, Frames } from './frames.ts'
import type { ChunkedMode } from './modes.ts'

const markers: Readonly<Record<ChunkedMode, string>> = {
  chunks: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'chunks-trailer': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'unsigned-trailer': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
}

/** A body that is about to be encoded in chunks. */
export interface ChunkedPayload {
  /** In place of the hash. */
  readonly marker: string
  /** Lower-case names; all of them signed and sent. */
  readonly headers: Pairs
  /** Encodes the body, once the signature of the headers is known. */
  encode(scope: SigningScope, key: HmacKey, seedSignature: string): { body: Body; bodyLength: number }
}

/**
 * Prepares a body for chunked upload.
 *
 * Source: Amazon S3 API Reference, "Transferring payload in multiple chunks (chunked upload)".
 *
 * @throws EZ_BODY_UNSIGNABLE for a stream of unknown or impossible length, no body, or a body that is chunked already
 */
function chunkedPayload(
  request: ResolvedRequest,
  { payload, chunkSize, checksum }: FullSettings,
): ChunkedPayload {
  const { body } = request
  const mode = payload as ChunkedMode
  if (body === null) throw unsignable('there is no body to cut into chunks. Use another payload mode.')
  const length = body instanceof Uint8Array ? body.length : request.bodyLength
  if (length === undefined)
    throw unsignable('S3 wants the length of a stream beforehand. Give the length beside the stream.')
  if (!Number.isSafeInteger(length) || length < 0)
    throw unsignable('the length of the stream is no whole number of bytes. Set it right.')
  const given = request.headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
  if (given?.split(',').some((coding) => coding.trim().toLowerCase() === 'aws-chunked'))
    throw unsignable('the body is aws-chunked already. Sign the request as it was before.')
  const rules: FrameRules = {
    signed: mode !== 'unsigned-trailer',
    checksum: mode === 'chunks' ? undefined : checksum,
    chunkSize,
  }
  const headers: [string, string][] = [
    ['content-encoding', given ? `aws-chunked,${given}` : 'aws-chunked'],
    ['x-amz-decoded-content-length', String(length)],
  ]
  if (rules.checksum) headers.push(['x-amz-trailer', `x-amz-checksum-${rules.checksum}`])
  return {
    marker: markers[mode],
    headers,
    encode(scope, key, seedSignature) {
      const frames = new Frames(rules, scope, key, seedSignature)
      const bodyLength = encodedLength(length, rules)
      return {
        body:
          body instanceof Uint8Array
            ? encodeBytes(body, chunkSize, frames, bodyLength)
            : encodeStream(body, length, chunkSize, frames),
        bodyLength,
      }
    },
  }
}

function unsignable(message: string): EzError {
  return new EzError('EZ_BODY_UNSIGNABLE', `aws-sigv4: ${message}`)
}

/** Chunked upload, as a feature of a signer. */
export interface ChunkedFeature {
  prepare(request: ResolvedRequest): ChunkedPayload
  writes(headers: readonly string[]): Signer['writes']
}

/** Chunked upload with the settings of a signer. */
export function chunkedWith(settings: FullSettings): ChunkedFeature {
  return {
    prepare: (request) => chunkedPayload(request, settings),
    writes: (headers) => ({
      // What a chunked body adds, and the length that it makes wrong.
      headers: [...headers, 'content-length', 'x-amz-decoded-content-length', 'x-amz-trailer'],
      query: [],
      body: true,
      amends: ['content-encoding'],
    }),
  }
}
