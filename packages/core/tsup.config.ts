import { defineConfig } from 'tsup'

export default defineConfig({
  // Every module is an entry, so that index.js holds no code of its own and bundlers leave out what is not used.
  entry: ['src/**/*.ts'],
  format: 'esm',
  dts: {
    entry: ['src/index.ts', 'src/steps/index.ts', 'src/received.ts', 'src/testing.ts', 'src/crypto/node.ts'],
  },
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  treeshake: { moduleSideEffects: false },
  external: [/^node:/, '@ez/core/crypto'],
  noExternal: ['@noble/hashes'],
})
