import { createHash } from 'node:crypto'

/** The `{%uuid%}` of a row: RFC 9562 section 5.8, version 8, of the SHA-256 of job and row. */
export function rowUuid(job: string, row: number): string {
  const bytes = createHash('sha256').update(`${job}\n${row}`).digest().subarray(0, 16)
  bytes[6] = 0x80 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
