import { Sha256 } from '@aws-crypto/sha256-js'
import type { ResolvedRequest } from '@ez/core'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'
import { instant, secretAccessKey } from './signing.ts'

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey }
const amzDate = instant.replaceAll(/[:-]/g, '')
const region = 'us-east-1'

const signatureOf = (authorization: unknown): string => String(authorization).slice(-64)

/** Signatures of header placement. All of them get the request as it would be sent. */
export const peers: Readonly<Record<string, (request: ResolvedRequest, service: string) => Promise<string>>> =
  {
    async '@smithy/signature-v4'(request, service) {
      const url = new URL(request.url)
      const query: Record<string, string[]> = Object.create(null)
      for (const [name, value] of url.searchParams) {
        query[name] ??= []
        query[name].push(value)
      }
      const signer = new SignatureV4({
        service,
        region,
        credentials,
        sha256: Sha256,
        uriEscapePath: service !== 's3',
        applyChecksum: service === 's3',
      })
      const signed = await signer.sign(
        new HttpRequest({
          protocol: url.protocol,
          hostname: url.hostname,
          path: url.pathname,
          method: request.method,
          query,
          headers: { ...Object.fromEntries(request.headers), host: url.host },
          body: request.body,
        }),
        { signingDate: new Date(instant) },
      )
      return signatureOf(signed.headers.authorization)
    },

    async aws4fetch(request, service) {
      const headers = new Headers(request.headers as [string, string][])
      if (service === 's3') headers.set('x-amz-content-sha256', await hashOf(request))
      const signer = new AwsV4Signer({
        ...credentials,
        service,
        region,
        method: request.method,
        url: request.url,
        headers,
        body: request.body as Uint8Array<ArrayBuffer> | null,
        datetime: amzDate,
        allHeaders: true,
      })
      return signatureOf((await signer.sign()).headers.get('authorization'))
    },

    async aws4(request, service) {
      const url = new URL(request.url)
      const { headers } = aws4.sign(
        {
          service,
          region,
          host: url.host,
          method: request.method,
          path: url.pathname + url.search,
          headers: { ...Object.fromEntries(request.headers), 'X-Amz-Date': amzDate },
          ...(request.body ? { body: Buffer.from(request.body as Uint8Array) } : {}),
        },
        credentials,
      )
      return signatureOf(headers?.Authorization)
    },
  }

async function hashOf(request: ResolvedRequest): Promise<string> {
  const body = (request.body ?? new Uint8Array()) as Uint8Array<ArrayBuffer>
  return Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('hex')
}
