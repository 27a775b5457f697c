/** One line of a stage, with what it is where that is known. */
export interface StageLine {
  /** What the line is, in a word or two: `method`, `signed headers`; empty for a line that says nothing. */
  readonly name?: string
  /** The line as it is signed; of an OAuth base string its parts also decoded. */
  readonly text: string
}

// SigV4 §string to sign; Cosmos DB, "Access control on resources", the string that is signed.
const stringToSign: readonly { readonly starts: RegExp; readonly names: readonly string[] }[] = [
  { starts: /^AWS4-/, names: ['algorithm', 'instant', 'credential scope', 'hash of the canonical request'] },
  {
    starts: /^(?:get|post|put|patch|delete|head)\n/,
    names: ['verb', 'resource type', 'resource link', 'date', ''],
  },
]

/**
 * The lines of a stage, named where the scheme is known.
 *
 * @param id of the stage in a trace, such as `canonical-request`
 * @example
 * stageLines('string-to-sign', 'AWS4-HMAC-SHA256\n20260115T123600Z\n20260115/us-east-1/s3/aws4_request\n00')[1]?.name // 'instant'
 */
export function stageLines(id: string, value: string): StageLine[] {
  const lines = value.split('\n')
  if (id === 'canonical-request' && lines.length >= 6)
    return lines.map((text, index) => ({ name: canonicalName(lines, index), text }))
  if (id === 'base-string') return baseString(value)
  const names =
    id === 'string-to-sign' ? stringToSign.find(({ starts }) => starts.test(value))?.names : undefined
  return lines.map((text, index) => ({ ...(names && { name: names[index] ?? '' }), text }))
}

// Method, path, query, headers, an empty line, names of the signed headers, hash of the body.
function canonicalName(lines: readonly string[], index: number): string {
  if (index < 3) return ['method', 'path', 'query'][index] as string
  if (index === lines.length - 1) return 'body hash'
  if (index === lines.length - 2) return 'signed headers'
  return lines[index] === '' ? 'end of headers' : 'header'
}

// RFC 5849 section 3.4.1.1: method, URL and parameters, each percent-encoded and joined with "&".
function baseString(value: string): StageLine[] {
  const [method, url, parameters, ...rest] = value.split('&')
  if (parameters === undefined || rest.length > 0) return [{ text: value }]
  return [
    { name: 'signed', text: value },
    { name: 'method', text: method as string },
    { name: 'url', text: decoded(url as string) },
    ...decoded(parameters)
      .split('&')
      .map((text) => ({ name: 'parameter', text })),
  ]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
