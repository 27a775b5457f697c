import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/aws-sdk.ts', 'src/header.ts', 'src/v4a.ts', 'src/verify.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  external: [/^@ez\/core/],
  treeshake: { moduleSideEffects: false },
  // A small package; names stay, so that stack traces can be read.
  esbuildOptions(options) {
    options.minifySyntax = true
    options.minifyWhitespace = true
  },
})
