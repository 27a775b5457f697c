import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
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
  metafile: true,
  onSuccess: async () => writeNotices('dist'),
  // What is bundled and not ESM calls `require`.
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

/** Writes the licences of everything that was bundled, as they ask, beside the bundle. */
function writeNotices(folder: string): void {
  const metafile = join(folder, 'metafile-esm.json')
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as {
    outputs: Record<string, { inputs: Record<string, unknown> }>
  }
  const packages = new Map<string, string>()
  for (const { inputs } of Object.values(outputs))
    for (const input of Object.keys(inputs)) {
      const found = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input)
      if (found) packages.set(found[2] as string, resolve(found[1] as string))
    }
  const notices = [...packages].sort().map(([name, path]) => {
    const { version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Record<
      string,
      string
    >
    const file = readdirSync(path).find((entry) => /^licen[cs]e/i.test(entry))
    if (file === undefined) throw new Error(`${name} has no licence file.`)
    return `${name} ${version} (${license})\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`
  })
  writeFileSync(join(folder, 'NOTICES.txt'), notices.join(`\n${'-'.repeat(72)}\n\n`))
  rmSync(metafile)
}
