// Version 4A, chunked streams and the portable path that browsers and Workers take.
import { createHash, createPrivateKey, hash, sign } from 'node:crypto'
import { Sha256 } from '@aws-crypto/sha256-js'
import { awsSigV4 } from '@ez/aws-sigv4'
import { awsSigV4a, deriveSigV4aKey } from '@ez/aws-sigv4/v4a'
import type { ResolvedRequest } from '@ez/core'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4a } from '@smithy/signature-v4a'
import { build } from 'esbuild'
import { signWithAws4fetch } from './aws-sigv4-peers.ts'
import { credentials, movingContext, post, ring, start } from './aws-sigv4-requests.ts'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

const ringOf = <Value>(values: readonly Value[], index: number): Value =>
  values[index % values.length] as Value

function multiRegion(): BenchCase[] {
  const requests = ring(post)
  const contextOf = movingContext()
  const ours = awsSigV4a({ service: 'execute-api', regionSet: '*', credentials })
  const theirs = new SignatureV4a({
    service: 'execute-api',
    region: '*',
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  })
  const url = new URL(requests[0]?.url ?? '')
  const peer = new HttpRequest({
    protocol: 'https:',
    hostname: url.hostname,
    path: url.pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', host: url.host },
    body: requests[0]?.body,
  })
  const head = Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex')
  const pkcs8 = Buffer.concat([head, deriveSigV4aKey(credentials.accessKeyId, credentials.secretAccessKey)])
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const text = Buffer.from('x'.repeat(140))
  return [
    { name: '@ez/aws-sigv4/v4a', run: (index) => ours.sign(ringOf(requests, index), contextOf(index)) },
    {
      name: '@smithy/signature-v4a',
      run: (index) => theirs.sign(peer, { signingDate: new Date(start + index * 7) }),
    },
    {
      name: 'floor: crypto.sign, P-256',
      run: () => sign('sha256', text, key).toString('hex'),
      floor: true,
      goal: 1.5,
    },
  ]
}

const piece = new Uint8Array(65_536).fill(97)

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes
  return new ReadableStream(
    {
      pull(controller) {
        if (left <= 0) return controller.close()
        controller.enqueue(piece)
        left -= piece.length
      },
    },
    { highWaterMark: 0 },
  )
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<number> {
  let length = 0
  for await (const part of stream) length += part.length
  return length
}

async function hashAlone(bytes: number): Promise<string> {
  const running = createHash('sha256')
  for await (const part of streamOf(bytes)) running.update(part)
  return running.digest('hex')
}

function chunked(bytes: number): BenchCase[] {
  const contextOf = movingContext()
  const upload =
    (payload: 'chunks' | 'chunks-trailer') =>
    async (index: number): Promise<number> => {
      const signer = awsSigV4({ service: 's3', region: 'us-east-1', credentials, payload })
      const request: ResolvedRequest = {
        method: 'PUT',
        url: 'https://bucket.s3.us-east-1.amazonaws.com/key',
        headers: [],
        body: streamOf(bytes),
        bodyLength: bytes,
      }
      const { patch } = await signer.sign(request, contextOf(index))
      return drain(patch.body as ReadableStream<Uint8Array>)
    }
  return [
    { name: '@ez/aws-sigv4, chunks', run: upload('chunks') },
    { name: '@ez/aws-sigv4, chunks and trailer', run: upload('chunks-trailer') },
    { name: 'floor: the stream hashed alone', run: () => hashAlone(bytes), floor: true, goal: 1.25 },
  ]
}

/** The package as a browser's bundler resolves it, run here. */
async function portableSigner(service: string): Promise<ReturnType<typeof awsSigV4>> {
  const { outputFiles } = await build({
    stdin: { contents: "export { awsSigV4 } from '@ez/aws-sigv4'", resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    tsconfigRaw: '{}',
  })
  const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  const module = (await import(`data:text/javascript;base64,${source}`)) as { awsSigV4: typeof awsSigV4 }
  return module.awsSigV4({ service, region: 'us-east-1', credentials })
}

async function portable(bytes: number, goal: number): Promise<BenchCase[]> {
  const requests =
    bytes === 0
      ? ring(post)
      : [
          {
            method: 'POST',
            url: 'https://host.example.com/key',
            headers: [],
            body: new Uint8Array(bytes).fill(97),
          } satisfies ResolvedRequest,
        ]
  const signer = await portableSigner('execute-api')
  const contextOf = movingContext()
  return [
    {
      name: '@ez/aws-sigv4, portable',
      run: (index) => signer.sign(ringOf(requests, index), contextOf(index)),
    },
    { name: 'aws4fetch', run: signWithAws4fetch(requests, credentials, start), goal },
    {
      name: 'floor: crypto.hash of the body on Node',
      run: (index) => hash('sha256', ringOf(requests, index).body as Uint8Array, 'hex'),
      floor: true,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'aws-sigv4: version 4A', cases: multiRegion },
  { title: 'aws-sigv4: chunked stream, 64 MiB', cases: () => chunked(1 << 26), options: { rounds: 9 } },
  { title: 'aws-sigv4: portable, POST, 300 bytes', cases: () => portable(0, 5) },
  { title: 'aws-sigv4: portable, POST, 1 MiB', cases: () => portable(1 << 20, 1) },
]
