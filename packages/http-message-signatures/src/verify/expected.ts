import { toBase64 } from '@ez/core/crypto'
import type { WholeRequest } from '@ez/core/received'
import type { Claim } from './claim.ts'
import { refusal } from './refusal.ts'

/** The signature base as the received request gives it; written apart from the signer's. */
export function expectedBase({ components, parameters }: Claim, received: WholeRequest): string {
  let base = ''
  for (const identifier of components) base += `${identifier}: ${expectedValue(identifier, received)}\n`
  return `${base}"@signature-params": ${parameters}`
}

function expectedValue(identifier: string, received: WholeRequest): string {
  const end = identifier.indexOf('"', 1)
  const name = identifier.slice(1, end)
  const parameter = identifier.slice(end + 1)
  const { url, method } = received
  if (name === '@query-param') {
    const wanted = /^;name="([^"\\]*)"$/.exec(parameter)?.[1]
    const found = [...url.searchParams].filter(([key]) => form(key) === wanted)
    if (wanted === undefined || found.length !== 1) throw unusable(identifier)
    return form(found[0]?.[1] ?? '')
  }
  if (parameter === ';bs' && !name.startsWith('@'))
    return present(identifier, received)
      .map((value) => `:${toBase64(new TextEncoder().encode(value.trim()))}:`)
      .join(', ')
  if (parameter !== '') throw unusable(identifier)
  const known: Readonly<Record<string, string>> = {
    '@method': method,
    '@target-uri': url.href.replace(/#.*$/s, ''),
    '@authority': url.host,
    '@scheme': url.protocol.slice(0, -1),
    '@request-target': url.pathname + url.search,
    '@path': url.pathname,
    '@query': url.search === '' ? '?' : url.search,
  }
  if (Object.hasOwn(known, name)) return known[name] as string
  if (name.startsWith('@')) throw unusable(identifier)
  return present(identifier, received)
    .map((value) => value.trim().replaceAll(/\s*\r?\n\s+/g, ' '))
    .join(', ')
}

function present(identifier: string, { values: valuesOf }: WholeRequest): readonly string[] {
  const values = valuesOf(identifier.slice(1, identifier.indexOf('"', 1)))
  if (values.length === 0) throw unusable(identifier)
  return values
}

function unusable(identifier: string): Error {
  return refusal(
    'EZ_AUTHORIZATION_INVALID',
    `the component ${identifier} is not in the request, or not known.`,
  )
}

// URLSearchParams writes forms; only the space differs (RFC 9421 section 2.2.8).
function form(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('+', '%20')
}

/**
 * Compares `content-digest` with the body: every digest whose algorithm is known must fit, and one must be.
 *
 * Source: RFC 9530 section 2.
 *
 * @throws EZ_BODY_MISMATCH
 */
export async function checkContentDigest(header: string, body: Uint8Array): Promise<void> {
  let fits = 0
  for (const [, name, digest] of header.matchAll(/(?:^|,\s*)(sha-256|sha-512)=:([A-Za-z0-9+/=]*):/g)) {
    const bytes = await crypto.subtle.digest((name as string).toUpperCase(), Uint8Array.from(body))
    if (toBase64(new Uint8Array(bytes)) !== digest)
      throw refusal('EZ_BODY_MISMATCH', `the body does not have the ${name} of content-digest.`)
    fits += 1
  }
  if (fits === 0) throw refusal('EZ_BODY_MISMATCH', 'content-digest has neither sha-256 nor sha-512.')
}
