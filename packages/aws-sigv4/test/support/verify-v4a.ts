import { EzError, type ResolvedRequest } from '@ez/core'

// The public key that the AWS suite publishes for its example credentials (`public-key.json`).
const publicKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'tmGPamV0CpnmULM7a0tb0NQ7F21yGj7f6n59LVbZNrE',
  y: 'hl7SKn6tycXLnSy6yhs2mROf7cUEPcZmGGQhgzDI5Rg',
}
const curve = { name: 'ECDSA', namedCurve: 'P-256' }

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

async function sha256(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : Uint8Array.from(data)
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** The two integers of a DER signature at their full length, as WebCrypto wants them. */
function rawOf(der: string): Uint8Array<ArrayBuffer> {
  const [, length = '', rest = ''] = /^30..02(..)(.*)$/.exec(der) ?? []
  const digits = 2 * Number.parseInt(length, 16)
  const [r, s] = [rest.slice(0, digits), rest.slice(digits + 4)]
  return bytesOf([r, s].map((integer) => integer.padStart(64, '0').slice(-64)).join(''))
}

/**
 * Verifies a request signed with `doubleEncode: false` and all headers, by the suite's public key and with WebCrypto
 * alone, so that every engine can.
 */
export async function verifyV4a({ method, url, headers, body }: ResolvedRequest): Promise<void> {
  const { host, pathname, search } = new URL(url)
  const pairs = search.slice(1).split('&').filter(Boolean)
  const inQuery = (name: string): string =>
    decodeURIComponent(pairs.find((pair) => pair.startsWith(`X-Amz-${name}=`))?.replace(/^[^=]*=/, '') ?? '')
  const inHeader = (name: string): string => headers.find((pair) => pair[0] === name)?.[1] ?? ''
  const authorization = inHeader('authorization')
  const part = (name: string): string => new RegExp(`${name}=([^,]+)`).exec(authorization)?.[1] ?? ''
  const placed = authorization === '' ? inQuery : part
  const payloadHash = await sha256((body as Uint8Array | null) ?? '')
  const names = placed('SignedHeaders').split(';')
  const canonicalRequest = [
    method,
    pathname,
    pairs
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${name === 'host' ? host : inHeader(name)}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n')
  const date = inHeader('x-amz-date') || inQuery('Date')
  const scope = placed('Credential').split('/').slice(1).join('/')
  const text = `AWS4-ECDSA-P256-SHA256\n${date}\n${scope}\n${await sha256(canonicalRequest)}`
  const key = await crypto.subtle.importKey('jwk', publicKey, curve, false, ['verify'])
  const signature = rawOf(placed('Signature'))
  const isSigned = await crypto.subtle.verify(
    { name: 'ECDSA', hash: 'SHA-256' },
    key,
    signature,
    new TextEncoder().encode(text),
  )
  if (!isSigned || (authorization !== '' && inHeader('x-amz-content-sha256') !== payloadHash))
    throw new EzError(
      'EZ_SIGNATURE_MISMATCH',
      'verify aws-sigv4a: the signature is not the one of this request.',
    )
}
