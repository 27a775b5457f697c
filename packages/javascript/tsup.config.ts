import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', script: 'src/script.ts', worker: 'src/worker/worker.ts' },
  format: 'esm',
  dts: { entry: { index: 'src/index.ts', script: 'src/script.ts' } },
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, /^@ez\/core/],
})
