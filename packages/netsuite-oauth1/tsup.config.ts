import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', oauth1: 'src/oauth1.ts', verify: 'src/verify/verify.ts' },
  format: 'esm',
  dts: true,
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  // One statement for each import, and no chunk that both entries hold whole: a bundle keeps what it uses.
  treeshake: true,
  splitting: false,
  external: [/^@ez\/core/],
})
