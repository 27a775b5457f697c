// The package as a bundler for browsers and Workers resolves it: no node:crypto, WebCrypto for large bodies.
import { fileURLToPath } from 'node:url'
import { awsSigV4 } from '@ez/aws-sigv4'
import type { ResolvedRequest } from '@ez/core'
import { build } from 'esbuild'
import { beforeAll, expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { baseOptions, bytes, instant } from './support/signing.ts'

let portable: typeof awsSigV4
let source = ''

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { awsSigV4 } from '@ez/aws-sigv4'",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    tsconfigRaw: '{}',
  })
  source = outputFiles[0]?.text ?? ''
  const url = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`
  portable = ((await import(/* @vite-ignore */ url)) as { awsSigV4: typeof awsSigV4 }).awsSigV4
})

it('imports nothing', () => {
  expect(source).not.toMatch(/\bimport\s*[{*"'(]|\brequire\(/)
})

it.each([0, 300, 8192, 8193, 1 << 20])('signs %i bytes as on Node', async (length) => {
  const request: ResolvedRequest = {
    method: 'PUT',
    url: 'https://host.example.com/a%20b?x=1',
    headers: [['x-amz-meta-a', 'é'.normalize('NFD')]],
    body: new Uint8Array(length).fill(97),
  }
  const context = contextAt(instant)
  const signed = portable(baseOptions).sign(request, context)
  // Small bodies are hashed at once, large ones by WebCrypto.
  expect(signed instanceof Promise).toBe(length > 8192)
  expect(await signed).toEqual(awsSigV4(baseOptions).sign(request, context))
})

it.each(['chunks', 'chunks-trailer', 'unsigned-trailer'] as const)(
  'encodes %s as on Node',
  async (payload) => {
    const request: ResolvedRequest = {
      method: 'PUT',
      url: 'https://bucket.s3.amazonaws.com/key',
      headers: [],
      body: bytes('a'.repeat(20_000)),
    }
    const options = { ...baseOptions, service: 's3', payload, chunkSize: 8192, checksum: 'crc32c' as const }
    const context = contextAt(instant)
    expect(portable(options).sign(request, context)).toEqual(awsSigV4(options).sign(request, context))
  },
)
