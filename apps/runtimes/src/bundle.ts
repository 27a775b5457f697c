import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Where bundles and their configuration go. */
export const folder: string = fileURLToPath(new URL('../dist/', import.meta.url))

const runner = (name: string): string => fileURLToPath(new URL(`runners/${name}.ts`, import.meta.url))

/** Bundles the runners: with the packages left outside for engines that have them, and whole for the others. */
export async function bundle(endpoint: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  // Without the packages' own tsconfig, whose paths lead to sources.
  const common = {
    bundle: true,
    tsconfigRaw: '{}',
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  } as const
  const define = { ENDPOINT: JSON.stringify(endpoint) }
  await Promise.all([
    build({
      ...common,
      entryPoints: [runner('process')],
      outfile: `${folder}process.js`,
      packages: 'external',
    }),
    build({
      ...common,
      entryPoints: [runner('workerd')],
      outfile: `${folder}workerd.js`,
      conditions: ['workerd', 'worker', 'browser'],
      define,
    }),
    build({
      ...common,
      entryPoints: [runner('browser')],
      outfile: `${folder}browser.js`,
      platform: 'browser',
      define,
    }),
  ])
}
