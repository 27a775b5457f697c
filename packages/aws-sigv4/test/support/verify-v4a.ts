import { createHash, createPublicKey, verify } from 'node:crypto'
import { EzError, type ResolvedRequest } from '@ez/core'

// The public key that the AWS suite publishes for its example credentials (`public-key.json`).
const publicKey = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: Buffer.from('b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1', 'hex').toString(
      'base64url',
    ),
    y: Buffer.from('865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518', 'hex').toString(
      'base64url',
    ),
  },
  format: 'jwk',
})

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Verifies a request signed with `doubleEncode: false` and all headers, by the suite's public key. */
export function verifyV4a({ method, url, headers, body }: ResolvedRequest): void {
  const { host, pathname, search } = new URL(url)
  const pairs = search.slice(1).split('&').filter(Boolean)
  const inQuery = (name: string): string =>
    decodeURIComponent(pairs.find((pair) => pair.startsWith(`X-Amz-${name}=`))?.replace(/^[^=]*=/, '') ?? '')
  const inHeader = (name: string): string => headers.find((pair) => pair[0] === name)?.[1] ?? ''
  const authorization = inHeader('authorization')
  const part = (name: string): string => new RegExp(`${name}=([^,]+)`).exec(authorization)?.[1] ?? ''
  const placed = authorization === '' ? inQuery : part
  const date = inHeader('x-amz-date') || inQuery('Date')
  const signature = placed('Signature')
  const payloadHash = sha256((body as Uint8Array | null) ?? '')
  const claimed = inHeader('x-amz-content-sha256')
  const canonicalRequest = [
    method,
    pathname,
    pairs
      .filter((pair) => !pair.startsWith('X-Amz-Signature='))
      .sort()
      .join('&'),
    ...placed('SignedHeaders')
      .split(';')
      .map((name) => `${name}:${name === 'host' ? host : inHeader(name)}`),
    '',
    placed('SignedHeaders'),
    payloadHash,
  ].join('\n')
  const scope = placed('Credential').split('/').slice(1).join('/')
  const text = `AWS4-ECDSA-P256-SHA256\n${date}\n${scope}\n${sha256(canonicalRequest)}`
  const isGood = verify('sha256', Buffer.from(text), publicKey, Buffer.from(signature, 'hex'))
  if (!isGood || (authorization !== '' && claimed !== payloadHash))
    throw new EzError(
      'EZ_SIGNATURE_MISMATCH',
      'verify aws-sigv4a: the signature is not the one of this request.',
    )
}
