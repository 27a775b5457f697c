// The verifier's own canonicalisation: octet by octet, with nothing of the signer's.
import type { Claim } from './authorization.ts'
import { bytesOf, hexOf } from './digest.ts'
import { refusal } from './refusal.ts'
import type { Received } from './target.ts'

/** How the service takes the path. */
export interface PathReading {
  readonly normalizePath: boolean
  readonly doubleEncode: boolean
}

/** The octets that a percent-encoded text stands for. A raw `+` is itself. */
export function decodeOctets(text: string): Uint8Array {
  const source = bytesOf(text)
  const octets: number[] = []
  for (let index = 0; index < source.length; index += 1) {
    const pair = source[index] === 0x25 ? String.fromCharCode(...source.subarray(index + 1, index + 3)) : ''
    if (/^[0-9A-Fa-f]{2}$/.test(pair)) {
      octets.push(Number.parseInt(pair, 16))
      index += 2
    } else octets.push(source[index] as number)
  }
  return Uint8Array.from(octets)
}

function encodeOctets(octets: Uint8Array, keepSlash: boolean): string {
  let text = ''
  for (const octet of octets) {
    const character = String.fromCharCode(octet)
    const isKept = /[A-Za-z0-9._~-]/.test(character) || (keepSlash && character === '/')
    text += isKept ? character : `%${hexOf(Uint8Array.of(octet)).toUpperCase()}`
  }
  return text
}

function canonicalPath(path: string, reading: PathReading): string {
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
  return encodeOctets(reading.doubleEncode ? bytesOf(text) : decodeOctets(text), true)
}

function canonicalQuery(query: Received['query']): string {
  return query
    .map(([name, value]) => [encodeQuery(name), encodeQuery(value)] as const)
    .filter(([name]) => name !== 'X-Amz-Signature')
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

/** The canonical request of what was received, under the claim's names. */
export function canonicalRequestOf(
  received: Received,
  claim: Claim,
  reading: PathReading,
  payloadHash: string,
  bodyLength: number | undefined,
): string {
  return [
    received.method,
    canonicalPath(received.path, reading),
    canonicalQuery(received.query),
    ...claim.signedNames.map((name) => `${name}:${headerValue(received, name, bodyLength)}`),
    '',
    claim.signedNames.join(';'),
    payloadHash,
  ].join('\n')
}

const secretHeader =
  /^(authorization|proxy-authorization|cookie|x-amz-(?:security-token|access-token|s3session-token|(?:copy-source-)?server-side-encryption-customer-key)):.*$/gm
const secretParameter = /(?<=[\n&]X-Amz-(?:Security|Access|S3session)-Token=)[^&\n]*/gi

/** A canonical request as it may be logged: tokens and keys of the client's that are signed are masked, as in traces. */
export function withoutSecrets(canonicalRequest: string): string {
  return canonicalRequest.replace(secretHeader, '$1:***').replace(secretParameter, '***')
}
