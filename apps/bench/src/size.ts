// What header signing weighs in a browser's bundle: minified and brotli, without and with the hash.
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

/** Entries to bundle: what is imported, the goals in bytes without and with the hash. */
const entries: readonly [code: string, goals?: readonly [withoutHash: number, withHash: number]][] = [
  ["export { awsSigV4 } from '@ez/aws-sigv4/header'", [4096, 7168]],
  ["export { awsSigV4 } from '@ez/aws-sigv4'"],
  ["export { awsSigV4a } from '@ez/aws-sigv4/v4a'"],
  ["export { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'"],
  ["export { AwsV4Signer } from 'aws4fetch'"],
]

async function sizeOf(code: string, external: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external,
    write: false,
    tsconfigRaw: '{}',
  })
  return brotliCompressSync(outputFiles[0]?.contents ?? new Uint8Array()).length
}

for (const [code, goals] of entries) {
  const sizes = [await sizeOf(code, ['@ez/core/crypto']), await sizeOf(code, [])]
  const shown = sizes.map((size, index) => {
    const goal = goals?.[index]
    return `${size} bytes ${index === 0 ? 'without' : 'with'} the hash${goal === undefined ? '' : ` (goal ${goal})`}`
  })
  console.log(`${code.slice('export '.length)}: ${shown.join(', ')}`)
}
