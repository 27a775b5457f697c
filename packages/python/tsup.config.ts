import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/lint.ts'],
  format: 'esm',
  dts: true,
  clean: true,
  removeNodeProtocol: false,
  target: 'es2022',
  platform: 'node',
  external: [/^@ez\//, 'pyodide'],
})
