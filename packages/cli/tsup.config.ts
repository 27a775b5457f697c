import { readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { Ajv } from 'ajv'
import standaloneCode from 'ajv/dist/standalone/index.js'
import { defineConfig } from 'tsup'
import { ajvOptions } from './src/files/ajv-options.ts'

const schema = JSON.parse(readFileSync('schema/request.schema.json', 'utf8')) as object
const code = { source: true, esm: true }

// A description in a request file is long to check: the short validator says no to it, and the long one decides.
const withoutDescriptions = JSON.parse(JSON.stringify(schema)) as {
  definitions: Record<string, { then?: unknown }>
}
for (const name of Object.keys(withoutDescriptions.definitions))
  if (name.startsWith('description')) delete withoutDescriptions.definitions[name]
if (withoutDescriptions.definitions.step) withoutDescriptions.definitions.step.then = false

// The one that tells what is wrong is several times as long, and is loaded only then.
const validators: Readonly<
  Record<string, { readonly name: string; readonly schema: object; readonly ajv: Ajv }>
> = {
  'request-validator.ts': { name: 'validateRequestFile', schema, ajv: new Ajv({ ...ajvOptions, code }) },
  'request-fits.ts': {
    name: 'fitsRequestFile',
    schema: withoutDescriptions,
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
          const { name, schema: own, ajv } = validators[basename(path)] as (typeof validators)[string]
          return {
            contents: standaloneCode
              .default(ajv, ajv.compile(own))
              .replace('export const validate =', `export const ${name} =`),
            resolveDir: dirname(path),
            loader: 'js',
          }
        })
      },
    },
  ],
})
