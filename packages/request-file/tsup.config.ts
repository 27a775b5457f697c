import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    curl: 'src/curl/index.ts',
    http: 'src/http/index.ts',
    postman: 'src/postman/index.ts',
    ez: 'src/ez/index.ts',
    response: 'src/response/index.ts',
    signed: 'src/signed/index.ts',
  },
  format: 'esm',
  dts: true,
  clean: true,
  splitting: true,
  target: 'es2022',
  platform: 'neutral',
  treeshake: true,
  external: [/^@ez\/core/, 'yaml'],
})
