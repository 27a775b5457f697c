import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { defineConfig } from 'tsup'
import { ajvOptions } from './src/files/ajv-options.ts'

const schema = JSON.parse(readFileSync('schema/request.schema.json', 'utf8')) as object
const ajv = new Ajv({ ...ajvOptions, code: { source: true, esm: true } })

// One file per command, so that a command loads only what it uses. The libraries that every command
// needs are bundled: reading their many small files took more time than everything else at start-up.
export default defineConfig({
  entry: ['src/bin.ts'],
  format: 'esm',
  splitting: true,
  clean: true,
  treeshake: true,
  target: 'es2022',
  platform: 'node',
  noExternal: ['ajv', 'commander', 'yaml', 'picocolors', 'dotenv', 'resolve.exports'],
  // What is bundled and not ESM calls `require`.
  banner: {
    js: "import { createRequire as ezCreateRequire } from 'node:module'; const require = ezCreateRequire(import.meta.url);",
  },
  esbuildPlugins: [
    {
      name: 'compiled-request-validator',
      setup(build) {
        build.onLoad({ filter: /request-validator\.ts$/ }, ({ path }) => ({
          contents: standaloneCode
            .default(ajv, ajv.compile(schema))
            .replace('export const validate =', 'export const validateRequestFile ='),
          resolveDir: path.slice(0, -'/request-validator.ts'.length),
          loader: 'js',
        }))
      },
    },
  ],
})
