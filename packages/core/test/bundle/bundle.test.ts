import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { expect, test } from 'vitest'

const resolveDir = fileURLToPath(new URL('.', import.meta.url))

async function bundle(contents: string, options: BuildOptions): Promise<{ code: string; warnings: number }> {
  const result = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    minifyWhitespace: true,
    // The package's own paths are for its sources; users have none.
    tsconfigRaw: {},
    ...options,
  })
  return { code: result.outputFiles?.[0]?.text ?? '', warnings: result.warnings.length }
}

const whole = "export * from '@ez/core'; export * from '@ez/core/crypto'; export * from '@ez/core/steps'"

test('a browser bundle holds no Node code', async () => {
  const { code, warnings } = await bundle(whole, { platform: 'browser' })
  expect(warnings).toBe(0)
  expect(code).not.toMatch(/node:|\bBuffer\.|require\(/)
})

test('a Node bundle holds no polyfill', async () => {
  const { code, warnings } = await bundle(whole, { platform: 'node' })
  expect(warnings).toBe(0)
  expect(code).toContain('node:crypto')
  // The first round constant of SHA-256 (FIPS 180-4 section 4.2.2), which a hash in JavaScript needs.
  expect(code).not.toMatch(/0x428a2f98|1116352408/i)
})

test('what is not used is left out', async () => {
  const { code } = await bundle("export { EzError } from '../../src/index.ts'", {
    platform: 'browser',
    minify: true,
  })
  expect(code.length).toBeLessThan(1500)
})
