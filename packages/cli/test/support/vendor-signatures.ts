import { createHash, createHmac } from 'node:crypto'
import type { Received } from './vendor.ts'

// Written by hand from the vendors' pages, and sharing nothing with the signers.

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Whether a request is signed with HMAC-SHA256 of OAuth 1.0a (RFC 5849), as NetSuite asks for it. */
export function isOAuthSigned(
  request: Received,
  base: string,
  consumerSecret: string,
  tokenSecret: string,
): boolean {
  const header = request.headers.authorization ?? ''
  const claimed = [...header.matchAll(/(\w+)="([^"]*)"/g)].map(
    ([, name, value]) => [name, decodeURIComponent(value as string)] as [string, string],
  )
  const signature = claimed.find(([name]) => name === 'oauth_signature')?.[1]
  const url = new URL(request.url, base)
  const parameters = [
    ...claimed.filter(([name]) => name.startsWith('oauth_') && name !== 'oauth_signature'),
    ...url.searchParams,
  ]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const text = [request.method, encoded(`${url.origin}${url.pathname}`), encoded(parameters)].join('&')
  const key = `${encoded(consumerSecret)}&${encoded(tokenSecret)}`
  return header.startsWith('OAuth realm="1234567_SB1"') && hmac(key, text).toString('base64') === signature
}

/** Whether a request is signed with Signature Version 4 for S3, its body included. */
export function isS3Signed(request: Received, secretKey: string): boolean {
  const header = request.headers.authorization ?? ''
  const [, day = '', region = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=\w+\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=(\w{64})$/.exec(
      header,
    ) ?? []
  const [path = '', query = ''] = request.url.split('?')
  const pairs = query === '' ? [] : query.split('&').map((pair) => (pair.includes('=') ? pair : `${pair}=`))
  const hash = String(request.headers['x-amz-content-sha256'])
  const canonical = [
    request.method,
    path,
    pairs.sort().join('&'),
    ...names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names,
    hash,
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = `AWS4-HMAC-SHA256\n${String(request.headers['x-amz-date'])}\n${scope}\n${sha256(canonical)}`
  const key = ['aws4_request', 's3', region, day].reduceRight<Buffer>(
    (parent, part) => hmac(parent, part),
    Buffer.from(`AWS4${secretKey}`),
  )
  return sha256(request.body) === hash && hmac(key, text).toString('hex') === signature
}

/** Whether a query is signed with the master key, as "Access control on Azure Cosmos DB resources" says. */
export function isCosmosSigned(request: Received, masterKey: string): boolean {
  const date = String(request.headers['x-ms-date'])
  const link = request.url.replace(/^\//, '').replace(/\/docs$/, '')
  const text = `${request.method.toLowerCase()}\ndocs\n${link}\n${date.toLowerCase()}\n\n`
  const signature = hmac(Buffer.from(masterKey, 'base64'), text).toString('base64')
  const claimed = decodeURIComponent(request.headers.authorization ?? '')
  return claimed === `type=master&ver=1.0&sig=${signature}`
}
