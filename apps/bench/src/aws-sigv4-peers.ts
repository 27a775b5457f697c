// The peers as their documentation sets them up for speed: one signer, kept.
import { Sha256 as JavaScriptSha256 } from '@aws-crypto/sha256-js'
import type { ResolvedRequest } from '@ez/core'
import { Hash } from '@smithy/hash-node'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import aws4 from 'aws4'
import { AwsV4Signer } from 'aws4fetch'

export interface PeerCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const amzDate = (instant: number): string => new Date(instant).toISOString().replace(/[:-]|\.\d{3}/g, '')

export function signWithAws4(
  requests: readonly ResolvedRequest[],
  credentials: PeerCredentials,
  start: number,
): (index: number) => unknown {
  const prepared = requests.map((request) => {
    const url = new URL(request.url)
    return {
      host: url.host,
      path: url.pathname + url.search,
      headers: Object.fromEntries(request.headers),
      ...(request.body ? { body: Buffer.from(request.body as Uint8Array) } : {}),
      method: request.method,
    }
  })
  return (index) => {
    const request = prepared[index % prepared.length] as (typeof prepared)[number]
    // It writes into what it is given, so it gets fresh headers; the date is a header there.
    return aws4.sign(
      {
        ...request,
        service: 'execute-api',
        region: 'us-east-1',
        headers: { ...request.headers, 'X-Amz-Date': amzDate(start + index * 7) },
      },
      credentials,
    )
  }
}

class NodeSha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret)
  }
}

export function awsSdkSigner(
  requests: readonly ResolvedRequest[],
  credentials: PeerCredentials,
  start: number,
  hash: 'js' | 'node',
): (index: number) => unknown {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: 'us-east-1',
    credentials,
    sha256: hash === 'js' ? JavaScriptSha256 : NodeSha256,
    applyChecksum: false,
  })
  const prepared = requests.map((request) => {
    const url = new URL(request.url)
    return new HttpRequest({
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      method: request.method,
      query: Object.fromEntries(url.searchParams),
      headers: { ...Object.fromEntries(request.headers), host: url.host },
      body: request.body,
    })
  })
  return (index) =>
    signer.sign(prepared[index % prepared.length] as HttpRequest, {
      signingDate: new Date(start + index * 7),
    })
}

export function signWithAws4fetch(
  requests: readonly ResolvedRequest[],
  credentials: PeerCredentials,
  start: number,
): (index: number) => unknown {
  const cache = new Map<string, ArrayBuffer>()
  return (index) => {
    const request = requests[index % requests.length] as ResolvedRequest
    return new AwsV4Signer({
      ...credentials,
      service: 'execute-api',
      region: 'us-east-1',
      method: request.method,
      url: request.url,
      headers: request.headers as [string, string][],
      body: request.body as Uint8Array<ArrayBuffer> | null,
      datetime: amzDate(start + index * 7),
      cache,
    }).sign()
  }
}
