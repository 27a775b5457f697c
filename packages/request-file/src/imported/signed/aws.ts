import { decoded } from '../hidden-query.ts'
import type { Signed, SignedRequest } from './signed.ts'

// What @ez/aws-sigv4 signs by itself.
const always = /^(?:host|content-type|content-md5|range|x-amz-.*)$/

/** AWS Signature Version 4 in a header. Source: AWS, "Authenticating requests: using the Authorization header". */
export function awsHeader({ authorization, header, known }: SignedRequest): Signed | undefined {
  const [, keyId, region, service, names = ''] =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request\s*,\s*SignedHeaders=([^,\s]+)/i.exec(
      authorization,
    ) ?? []
  if (keyId === undefined || region === undefined || service === undefined) return undefined
  const others = names.split(';').filter((name) => !always.test(name) && name !== 'date')
  const payload = header('x-amz-content-sha256')
  return {
    step: {
      use: '@ez/aws-sigv4',
      with: {
        service,
        region,
        credentials: credentialsOf(known, keyId, header('x-amz-security-token')),
        ...(others.length > 0 && { signedHeaders: others }),
        ...(payload === 'UNSIGNED-PAYLOAD' && { payload: 'unsigned' }),
        ...(payload !== undefined && !/^s3/.test(service) && { contentSha256Header: true }),
      },
    },
    headers: [
      'authorization',
      'x-amz-date',
      'x-amz-security-token',
      'x-amz-content-sha256',
      ...(header('x-amz-date') === undefined ? ['date'] : []),
    ],
    secrets: ['secret_key'],
  }
}

/** A presigned URL. Source: AWS, "Authenticating requests: using query parameters". */
export function awsQuery({ url, known }: SignedRequest): Signed | undefined {
  const [, before = '', query = '', fragment = ''] = /^([^?#]*)\?([^#]*)(#.*)?$/s.exec(url) ?? []
  const pairs = query.split('&').map((pair) => {
    const [, name = pair, value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? []
    return { pair, name: (decoded(name) ?? name).toLowerCase(), value: decoded(value) ?? value }
  })
  const value = (name: string): string | undefined => pairs.find((pair) => pair.name === name)?.value
  const [keyId, , region, service, last] = value('x-amz-credential')?.split('/') ?? []
  if (value('x-amz-algorithm') !== 'AWS4-HMAC-SHA256' || last !== 'aws4_request') return undefined
  const expires = Number(value('x-amz-expires'))
  const sessionToken = value('x-amz-security-token')
  const kept = pairs.filter(
    ({ name }) =>
      !/^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token|content-sha256)$/.test(
        name,
      ),
  )
  return {
    step: {
      use: '@ez/aws-sigv4',
      with: {
        service,
        region,
        credentials: credentialsOf(known, keyId ?? '', sessionToken),
        placement: 'query',
        ...(expires > 0 && { expiresIn: expires }),
      },
    },
    headers: [],
    url: `${before}${kept.length > 0 ? `?${kept.map(({ pair }) => pair).join('&')}` : ''}${fragment}`,
    secrets: ['secret_key'],
  }
}

const credentialsOf = (
  known: SignedRequest['known'],
  accessKeyId: string,
  sessionToken: string | undefined,
): object => ({
  accessKeyId: known('access_key', accessKeyId),
  secretAccessKey: '{{secret_key}}',
  ...(sessionToken !== undefined && { sessionToken: known('session_token', sessionToken) }),
})
