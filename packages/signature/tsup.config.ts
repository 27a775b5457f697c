import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts' },
  format: 'esm',
  dts: true,
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  treeshake: true,
  external: [/^@ez\/core/],
  // An application stores every byte of it; names stay, so that stack traces can be read.
  esbuildOptions(options) {
    options.minifySyntax = true
    options.minifyWhitespace = true
  },
})
