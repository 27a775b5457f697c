import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    script: 'src/script.ts',
    postman: 'src/postman.ts',
    worker: 'src/worker/worker.ts',
  },
  format: 'esm',
  dts: { entry: { index: 'src/index.ts', script: 'src/script.ts', postman: 'src/postman.ts' } },
  clean: true,
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/, /^@ez\/core/],
})
