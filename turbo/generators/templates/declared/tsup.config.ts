import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/verify.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'neutral',
  treeshake: true,
  external: [/^@ez\/(?:core|signature)/],
})
