// The verifier's own canonicalisation, with nothing of the signer's.
import type { Claim } from './claim.ts'
import { bytesOf } from './digest.ts'
import { decodeOctets, encodeOctets, textOfOctets } from './octets.ts'
import type { Reading } from './options.ts'
import type { Received } from './received.ts'
import { refusal } from './refusal.ts'

/** What the client must have signed, under one reading of its path. */
export interface Expected {
  readonly canonicalRequest: string
  /** The path of this reading, encoded once. */
  readonly path: string
}

/**
 * The canonical request of what was received, under the claim's names; first the path as it stands, then as Amazon S3
 * reads a raw `+` in it, which is a space.
 */
export function expectedOf(
  received: Received,
  claim: Claim,
  reading: Reading,
  payloadHash: string,
  bodyLength: number | undefined,
): Expected[] {
  const query = canonicalQuery(received.query, reading.signSessionToken)
  const headers = claim.signedNames.map((name) => `${name}:${headerValue(received, name, bodyLength)}`)
  const rest = [query, ...headers, '', claim.signedNames.join(';'), payloadHash].join('\n')
  const paths = [normalPath(received.path, reading)]
  if (!reading.doubleEncode && received.path.includes('+'))
    paths.push(normalPath(received.path.replaceAll('+', '%20'), reading))
  return paths.map((path) => {
    const canonical = reading.doubleEncode ? encodeOctets(bytesOf(path), true) : path
    return { path, canonicalRequest: `${received.method}\n${canonical}\n${rest}` }
  })
}

/** As the service sees the path: without dots where it normalises, and where it takes keys decoded and encoded once. */
function normalPath(path: string, reading: Reading): string {
  let parts = path.split('/').slice(1)
  if (reading.normalizePath) {
    const endsInFolder = parts.at(-1) === ''
    const kept: string[] = []
    for (const part of parts)
      if (part === '..') kept.pop()
      else if (part !== '.' && part !== '') kept.push(part)
    parts = endsInFolder && kept.length > 0 ? [...kept, ''] : kept
  }
  const text = `/${parts.join('/')}`
  return reading.doubleEncode ? text : encodeOctets(decodeOctets(text), true)
}

function canonicalQuery(query: Received['query'], signSessionToken: boolean): string {
  return query
    .map(([name, value]) => [encodeQuery(name), encodeQuery(value)] as const)
    .filter(([name]) => name !== 'X-Amz-Signature' && (signSessionToken || !isTokenParameter(name)))
    .sort(([leftName, leftValue], [rightName, rightValue]) => {
      if (leftName !== rightName) return leftName < rightName ? -1 : 1
      return leftValue < rightValue ? -1 : leftValue > rightValue ? 1 : 0
    })
    .map((pair) => pair.join('='))
    .join('&')
}

function encodeQuery(text: string): string {
  return encodeOctets(decodeOctets(text.replaceAll('+', ' ')), false)
}

function isTokenParameter(name: string): boolean {
  return /^x-amz-(?:security|s3session)-token$/i.test(name)
}

/** The decoded names of the parameters that are signed, or `all`, when only the signature itself is not. */
export function signedParameters(query: Received['query'], signSessionToken: boolean): 'all' | string[] {
  const names = query.map(([name]) => textOfOctets(name))
  const signed = names.filter((name) => name !== 'X-Amz-Signature' && !isTokenParameter(name))
  return signSessionToken || !names.some(isTokenParameter) ? 'all' : [...new Set(signed)]
}

function headerValue(received: Received, name: string, bodyLength: number | undefined): string {
  if (name === 'host') return received.host
  const values = received.headers.get(name)
  if (values)
    return values
      .map((value) =>
        value
          .split(/[ \t\r\n]+/)
          .filter((word) => word !== '')
          .join(' '),
      )
      .join(',')
  // Clients' Request objects do not show the length that goes over the wire.
  if (name === 'content-length' && bodyLength !== undefined) return String(bodyLength)
  throw refusal('EZ_SIGNATURE_MISMATCH', `the signed header ${name} did not arrive.`)
}

const secretHeader =
  /^(authorization|proxy-authorization|cookie|x-amz-(?:security-token|access-token|s3session-token|(?:copy-source-)?server-side-encryption-customer-key)):.*$/gm
const secretParameter = /(?<=[\n&]X-Amz-(?:Security|Access|S3session)-Token=)[^&\n]*/gi

/** A canonical request as it may be logged: tokens and keys of the client's that are signed are masked, as in traces. */
export function withoutSecrets(canonicalRequest: string): string {
  return canonicalRequest.replace(secretHeader, '$1:***').replace(secretParameter, '***')
}
