import { encodeRfc3986 } from '@ez/core/crypto'

/** The `authorization` header: every parameter percent-encoded and quoted (RFC 5849 section 3.5.1). */
export function createAuthorizationHeader(parameters: Readonly<Record<string, string>>): string {
  const parts = Object.keys(parameters)
    .sort()
    .map((name) => `${name}="${encodeRfc3986(parameters[name] as string)}"`)
  return `OAuth ${parts.join(', ')}`
}
