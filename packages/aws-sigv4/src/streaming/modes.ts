/** Payload modes that encode the body as `aws-chunked`. */
export type ChunkedMode = 'chunks' | 'chunks-trailer' | 'unsigned-trailer'

/** A checksum that S3 compares with the body it received. */
export type ChecksumAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256'

/** A checksum that grows with the body. */
export interface RunningChecksum {
  update(data: Uint8Array): void
  /** Base64, as `x-amz-checksum-…` holds it. */
  digest(): string
}
