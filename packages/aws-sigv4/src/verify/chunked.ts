import { equalInConstantTime } from '@ez/core/crypto'
import { followChecksum } from './checksum.ts'
import { broken, ChunkReader } from './chunk-reader.ts'
import type { Claim } from './claim.ts'
import { hexOf, hmacSha256, sha256Hex } from './digest.ts'

/** What a chunked body announces in its headers. */
export interface ChunkedClaim {
  readonly signed: boolean
  /** Name of the trailing header, if one is announced. */
  readonly trailer: string | undefined
  /** Bytes of the decoded body. */
  readonly length: number
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const largestChunk = 16 * 1024 * 1024

/**
 * The decoded body of an `aws-chunked` one, each chunk given out after its signature was right.
 *
 * The stream errors with EZ_BODY_MISMATCH at the first chunk, trailer or length that is not as signed.
 *
 * Source: Amazon S3 API Reference, "Transferring payload in multiple chunks (chunked upload)".
 */
export function decodeChunks(
  body: Uint8Array | ReadableStream<Uint8Array>,
  chunked: ChunkedClaim,
  claim: Claim,
  key: CryptoKey,
): ReadableStream<Uint8Array> {
  const reader = new ChunkReader(body)
  const checksum = chunked.trailer === undefined ? undefined : followChecksum(chunked.trailer)
  const prefix = `${claim.amzDate}\n${claim.scope.join('/')}`
  let previous = claim.signature
  let remaining = chunked.length

  const checkSignature = async (
    algorithm: string,
    tail: string,
    given: string | undefined,
  ): Promise<void> => {
    const expected = hexOf(await hmacSha256(key, `${algorithm}\n${prefix}\n${previous}\n${tail}`))
    if (given === undefined || !equalInConstantTime(expected, given))
      throw broken('the signature of a chunk or of the trailer is not right')
    previous = expected
  }

  const nextChunk = async (): Promise<Uint8Array> => {
    const head = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await reader.line())
    const size = Number.parseInt(head?.[1] ?? '', 16)
    if (!head || size > largestChunk || (head[2] !== undefined) !== chunked.signed)
      throw broken('the head of a chunk cannot be read')
    if (size > remaining) throw broken('the body is longer than x-amz-decoded-content-length')
    const data = await reader.bytes(size)
    if (chunked.signed)
      await checkSignature('AWS4-HMAC-SHA256-PAYLOAD', `${emptyHash}\n${await sha256Hex(data)}`, head[2])
    remaining -= size
    checksum?.update(data)
    if (size > 0 && (await reader.line()) !== '') throw broken('a chunk is longer than its head says')
    return data
  }

  const readTrailer = async (): Promise<void> => {
    let value: string | undefined
    let signature: string | undefined
    for (let line = await reader.line(); line !== ''; line = await reader.line()) {
      const colon = line.indexOf(':')
      const name = line.slice(0, colon).toLowerCase()
      if (name === 'x-amz-trailer-signature' && signature === undefined) signature = line.slice(colon + 1)
      else if (name === chunked.trailer && value === undefined) value = line.slice(colon + 1).trim()
      else throw broken('the trailer is not the one that was announced')
    }
    if ((chunked.trailer === undefined) !== (value === undefined)) throw broken('the trailer is missing')
    if (value === undefined) return
    if (chunked.signed)
      await checkSignature(
        'AWS4-HMAC-SHA256-TRAILER',
        await sha256Hex(`${chunked.trailer}:${value}\n`),
        signature,
      )
    if (checksum && checksum.digest() !== value)
      throw broken('the checksum of the trailer is not the one of the body')
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const data = await nextChunk()
          if (data.length > 0) {
            controller.enqueue(data)
            return
          }
          if (remaining > 0) throw broken('the body is shorter than x-amz-decoded-content-length')
          await readTrailer()
          if (!(await reader.atEnd())) throw broken('something follows the last chunk')
          controller.close()
        } catch (error) {
          reader.cancel()
          throw error
        }
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  )
}
