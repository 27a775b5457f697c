import { readFileSync } from 'node:fs'
import { type AwsSigV4Options, awsSigV4, provider } from '@ez/aws-sigv4'
import { provider as multiRegionProvider } from '@ez/aws-sigv4/v4a'
import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { ResolvedRequest, SignResult } from '@ez/core'
import { describeSigner, type SignedPart, type Vector } from '@ez/core/testing'
import { describe, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { verifyV4a } from './support/verify-v4a.ts'

function read(name: string, folder = '../vectors'): unknown {
  return JSON.parse(readFileSync(new URL(`${folder}/${name}.json`, import.meta.url), 'utf8'))
}

async function verify(request: ResolvedRequest, { options, context }: Vector): Promise<void> {
  const { credentials, service, region } = options as unknown as AwsSigV4Options & {
    credentials: { secretAccessKey: string; sessionToken?: string }
  }
  await verifyAwsSigV4(request, {
    secretFor: () => credentials,
    now: new Date(context.now),
    service,
    region,
    // A presigned request of S3 covers no body.
    allowUnsignedPayload: options.placement === 'query',
  })
}

/** Everything but the body of a presigned request of S3. */
function signs({ options }: Vector): readonly SignedPart[] {
  const isOpen = options.service === 's3' && options.placement === 'query'
  return isOpen ? ['method', 'path', 'query'] : ['method', 'path', 'query', 'body']
}

for (const [name, bodies] of [
  ['botocore', 'execute-api: POST of JSON'],
  ['s3-documentation', 'PUT Object test$file.text'],
] as const)
  describe(name, () => {
    describeSigner(provider, read(name), {
      credentials: ['credentials.accessKeyId', 'credentials.secretAccessKey'],
      secrets: ['credentials.secretAccessKey'],
      bodies,
      signs,
      verify,
      describe,
      it,
    })
  })

describe('aws-c-auth-v4a', () => {
  describeSigner(multiRegionProvider, read('aws-c-auth-v4a'), {
    credentials: ['credentials.accessKeyId', 'credentials.secretAccessKey'],
    secrets: ['credentials.secretAccessKey'],
    verify: (request) => verifyV4a(request),
    describe,
    it,
  })
})

interface ChunkedVector {
  readonly title: string
  readonly context: { readonly now: string }
  readonly options: AwsSigV4Options
  readonly request: Pick<ResolvedRequest, 'method' | 'url' | 'headers'>
  readonly payload: { readonly character: string; readonly length: number }
  readonly stages: Readonly<Record<string, string>>
  readonly chunks: readonly { readonly length: number; readonly signature: string }[]
  readonly trailer?: { readonly canonicalTrailers: string; readonly signature: string }
}

describe('chunked uploads of the S3 documentation', () => {
  it.each(read('s3-chunked', './vectors') as ChunkedVector[])('$title', (vector) => {
    const { request, payload, chunks, trailer } = vector
    const body = new TextEncoder().encode(payload.character.repeat(payload.length))
    const contentLength = /^content-length:(\d+)$/m.exec(vector.stages['canonical-request'] ?? '')?.[1]
    const headers =
      contentLength === undefined
        ? request.headers
        : [...request.headers, ['content-length', contentLength] as const]
    const signer = awsSigV4(vector.options)
    const result = signer.sign({ ...request, headers, body }, contextAt(vector.context.now)) as SignResult
    expect(Object.fromEntries(result.trace.map(({ id, value }) => [id, value]))).toEqual(vector.stages)
    const encoded = new TextDecoder().decode(result.patch.body as Uint8Array)
    const frames = chunks
      .map(
        ({ length, signature }) =>
          `${length.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(length)}`,
      )
      .join('\r\n')
    const end = trailer
      ? `${trailer.canonicalTrailers.trim()}\r\nx-amz-trailer-signature:${trailer.signature}\r\n\r\n`
      : '\r\n'
    expect(encoded === frames + end).toBe(true)
    expect(result.patch.bodyLength).toBe(encoded.length)
  })
})
