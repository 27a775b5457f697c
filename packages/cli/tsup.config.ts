import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { defineConfig } from 'tsup'
import { ajvOptions } from './src/files/ajv-options.ts'

const schema = JSON.parse(readFileSync('schema/request.schema.json', 'utf8')) as object
const code = { source: true, esm: true }

// The one that tells what is wrong is several times as long, and is loaded only then.
const validators: Readonly<Record<string, { readonly name: string; readonly ajv: Ajv }>> = {
  'request-validator.ts': { name: 'validateRequestFile', ajv: new Ajv({ ...ajvOptions, code }) },
  'request-fits.ts': {
    name: 'fitsRequestFile',
    ajv: new Ajv({ ...ajvOptions, allErrors: false, verbose: false, messages: false, code }),
  },
}

// One file per command, so that a command loads only what it uses. Other people's code stays a dependency, which the
// audits of users see.
export default defineConfig({
  entry: ['src/bin.ts'],
  format: 'esm',
  splitting: true,
  clean: true,
  treeshake: true,
  target: 'es2022',
  platform: 'node',
  // The compiled validators call `require`.
  banner: {
    js: "import { createRequire as ezCreateRequire } from 'node:module'; const require = ezCreateRequire(import.meta.url);",
  },
  esbuildPlugins: [
    {
      name: 'compiled-request-validators',
      setup(build) {
        build.onLoad({ filter: /request-(?:validator|fits)\.ts$/ }, ({ path }) => {
          const { name, ajv } = validators[basename(path)] as (typeof validators)[string]
          return {
            contents: standaloneCode
              .default(ajv, ajv.compile(schema))
              .replace('export const validate =', `export const ${name} =`),
            resolveDir: dirname(path),
            loader: 'js',
          }
        })
      },
    },
  ],
})
