/** The vendor's own error code in an answer, in any of the forms that the vendors use. */
export function readErrorCode(body: string): string | undefined {
  const xml = /<Error>.*?<Code>([^<]+)<\/Code>/s.exec(body)
  if (xml) return xml[1]
  const data = parse(body)
  const code =
    field(field(field(data, 'errors'), 0), 'code') ??
    field(field(field(data, 'o:errorDetails'), 0), 'o:errorCode') ??
    field(field(data, 'error'), 'code') ??
    field(data, 'code')
  return typeof code === 'string' ? code : undefined
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function field(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
