/** How an answer is read. */
export interface ResponseReading {
  /** Default: by the content type; `json` when that says nothing. */
  readonly format?: 'json' | 'xml' | 'text' | 'csv' | 'ndjson'
  /** Default: of the content type, else `utf-8`. */
  readonly charset?: 'utf-8' | 'windows-1252'
  /** Bytes at most that are read for captures, conditions and records (default 67,108,864): EZ_RESPONSE_TOO_LARGE. */
  readonly maxBytes?: number
}

const mostBytes = 67_108_864

/** How a flow step's answers are read, with the defaults. */
export function readingOf(
  response: ResponseReading['format'] | ResponseReading,
): ResponseReading & { readonly maxBytes: number } {
  const reading = typeof response === 'string' ? { format: response } : (response ?? {})
  return { maxBytes: mostBytes, ...reading }
}
