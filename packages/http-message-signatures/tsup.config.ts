import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts' },
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^@ez\/core/],
})
