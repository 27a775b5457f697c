import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/verify.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^@ez\/core/],
})
