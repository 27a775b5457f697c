import { createHash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { EzError } from '@ez/core'
import { known, secretOfAwsKey } from './accounts.ts'
import { bytesOf, type Endpoint, type EndpointContext, refusalOf, stageOf } from './endpoint.ts'

const toleranceSeconds = 900

/** What was stored: key, as S3 has it, and bytes. */
export const storedObjects: Map<string, Uint8Array> = new Map()

/** Amazon S3: stores an object. */
export const s3: Endpoint = {
  vendor: 'Amazon S3',
  hosts: [known('s3_host')],
  paths: /^\/(?:invoices|images)\//,
  async answer(request, context) {
    try {
      const verified = await verifyAwsSigV4(request, {
        service: 's3',
        region: known('aws_region'),
        secretFor: secretOfAwsKey,
        now: context.now,
        maxSkewSeconds: toleranceSeconds,
        ...(context.url === undefined ? {} : { url: context.url }),
      })
      const body = await bytesOf(verified.body)
      storedObjects.set(decodeURIComponent(new URL(request.url).pathname.slice(1)), body)
      const etag = createHash('md5').update(body).digest('hex')
      return new Response(null, {
        status: 200,
        statusText: 'OK',
        headers: { etag: `"${etag}"`, ...identity() },
      })
    } catch (error) {
      return refuse(refusalOf(error), request, context)
    }
  },
}

async function refuse(refusal: EzError, request: Request, context: EndpointContext): Promise<Response> {
  if (refusal.code === 'EZ_CLOCK_SKEW')
    return errorXml(403, 'RequestTimeTooSkewed', {
      Message: 'The difference between the request time and the current time is too large.',
      RequestTime: request.headers.get('x-amz-date') ?? '',
      ServerTime: context
        .now()
        .toISOString()
        .replace(/\.\d{3}/, ''),
      MaxAllowedSkewMilliseconds: String(toleranceSeconds * 1000),
    })
  if (refusal.code === 'EZ_BODY_MISMATCH')
    return errorXml(400, 'XAmzContentSHA256Mismatch', {
      Message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      ClientComputedContentSHA256: request.headers.get('x-amz-content-sha256') ?? '',
      S3ComputedContentSHA256: createHash('sha256')
        .update(new Uint8Array(await request.clone().arrayBuffer()))
        .digest('hex'),
    })
  if (refusal.code === 'EZ_SIGNATURE_MISMATCH') {
    const canonicalRequest = stageOf(refusal, 'canonical-request')
    const stringToSign = stageOf(refusal, 'string-to-sign')
    const authorization = request.headers.get('authorization') ?? ''
    return errorXml(403, 'SignatureDoesNotMatch', {
      Message:
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      AWSAccessKeyId: /Credential=([^/]+)/.exec(authorization)?.[1] ?? '',
      StringToSign: stringToSign,
      SignatureProvided: /Signature=(\w+)/.exec(authorization)?.[1] ?? '',
      StringToSignBytes: spacedHex(stringToSign),
      CanonicalRequest: canonicalRequest,
      CanonicalRequestBytes: spacedHex(canonicalRequest),
    })
  }
  if (refusal.code === 'EZ_KEY_UNKNOWN')
    return errorXml(403, 'InvalidAccessKeyId', {
      Message: 'The AWS Access Key Id you provided does not exist in our records.',
    })
  return errorXml(403, 'AccessDenied', { Message: `Access Denied (${refusal.code})` })
}

function errorXml(status: number, code: string, fields: Record<string, string>): Response {
  const { 'x-amz-request-id': RequestId, 'x-amz-id-2': HostId } = identity()
  const elements = Object.entries({ Code: code, ...fields, RequestId, HostId })
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join('')
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${elements}</Error>`, {
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': RequestId, 'x-amz-id-2': HostId },
  })
}

function identity(): { 'x-amz-request-id': string; 'x-amz-id-2': string } {
  return {
    'x-amz-request-id': '4442587FB7D0A2F9',
    'x-amz-id-2': 'vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLW',
  }
}

function spacedHex(text: string): string {
  return Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
