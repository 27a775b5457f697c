import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/testing.ts', 'src/crypto/node.ts', 'src/crypto/portable.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, '@ez/core/crypto'],
  noExternal: ['@noble/hashes'],
})
