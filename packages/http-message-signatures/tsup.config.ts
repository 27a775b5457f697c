import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', verify: 'src/verify/verify.ts', response: 'src/response.ts' },
  format: 'esm',
  dts: true,
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^@ez\/core/],
})
