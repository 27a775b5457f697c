import { type HmacKey, hash, hmac, sha256, utf8 } from '@ez/core/crypto'
import type { SigningScope } from '../string-to-sign.ts'
import { checksumLength, createChecksum } from './checksum.ts'
import type { ChecksumAlgorithm, RunningChecksum } from './modes.ts'

/** How a body is cut and what its frames carry. */
export interface FrameRules {
  /** Whether each chunk carries a signature. */
  readonly signed: boolean
  /** The trailing checksum, if there is one. */
  readonly checksum: ChecksumAlgorithm | undefined
  /** Bytes of every chunk but the last. */
  readonly chunkSize: number
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const signatureLength = 64

/**
 * What stands around the chunks of an `aws-chunked` body.
 *
 * Source: Amazon S3 API Reference, "Signature calculations for the authorization header: transferring payload
 * in multiple chunks", and the same "including trailing headers".
 */
export class Frames {
  readonly #rules: FrameRules
  readonly #scope: SigningScope
  readonly #key: HmacKey
  readonly #checksum: RunningChecksum | undefined
  #previousSignature: string
  #started = false

  /** @param seedSignature the signature of the request's headers */
  constructor(rules: FrameRules, scope: SigningScope, key: HmacKey, seedSignature: string) {
    this.#rules = rules
    this.#scope = scope
    this.#key = key
    this.#checksum = rules.checksum && createChecksum(rules.checksum)
    this.#previousSignature = seedSignature
  }

  /** What comes before a chunk, given its length in bytes and its hex SHA-256. */
  head(length: number, chunkHash: () => string): Uint8Array<ArrayBuffer> {
    const lineEnd = this.#started ? '\r\n' : ''
    this.#started = true
    const signature = this.#rules.signed ? `;chunk-signature=${this.#sign(chunkHash())}` : ''
    return utf8(`${lineEnd}${length.toString(16)}${signature}\r\n`)
  }

  /** Adds bytes of the body to the trailing checksum. */
  count(data: Uint8Array): void {
    this.#checksum?.update(data)
  }

  /** What comes after the last chunk: the empty chunk and the trailer. */
  end(): Uint8Array<ArrayBuffer> {
    let text = new TextDecoder().decode(this.head(0, () => emptyHash))
    const { checksum, signed } = this.#rules
    if (checksum && this.#checksum) {
      const line = `x-amz-checksum-${checksum}:${this.#checksum.digest()}`
      text += `${line}\r\n`
      if (signed) text += `x-amz-trailer-signature:${this.#signTrailer(`${line}\n`)}\r\n`
    }
    return utf8(`${text}\r\n`)
  }

  #sign(chunkHash: string): string {
    const { amzDate, text } = this.#scope
    this.#previousSignature = hmac(
      this.#key,
      `AWS4-HMAC-SHA256-PAYLOAD\n${amzDate}\n${text}\n${this.#previousSignature}\n${emptyHash}\n${chunkHash}`,
      'hex',
    )
    return this.#previousSignature
  }

  #signTrailer(canonicalTrailer: string): string {
    const { amzDate, text } = this.#scope
    return hmac(
      this.#key,
      `AWS4-HMAC-SHA256-TRAILER\n${amzDate}\n${text}\n${this.#previousSignature}\n${hash(sha256, canonicalTrailer, 'hex')}`,
      'hex',
    )
  }
}

/** Bytes of the encoded body of a body of so many bytes. */
export function encodedLength(length: number, { signed, checksum, chunkSize }: FrameRules): number {
  const frame = (size: number): number =>
    size.toString(16).length + (signed ? ';chunk-signature='.length + signatureLength : 0) + 4 + size
  const rest = length % chunkSize
  let total = Math.floor(length / chunkSize) * frame(chunkSize) + (rest > 0 ? frame(rest) : 0) + frame(0)
  if (checksum) {
    total += `x-amz-checksum-${checksum}:`.length + checksumLength(checksum) + 2
    if (signed) total += 'x-amz-trailer-signature:'.length + signatureLength + 2
  }
  return total
}
