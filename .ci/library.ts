import { basename, extname, resolve } from 'node:path'
import { rolldown } from 'rolldown'
import { minifySync } from 'rolldown/utils'
import { dts } from 'rolldown-plugin-dts'
import type { Options } from 'tsup'

/** Files of `src`, or files by their name in `dist`. */
type Entry = readonly string[] | Readonly<Record<string, string>>

interface LibraryOptions extends Options {
  readonly entry: string[] | Record<string, string>
  /** The entries that have declarations, when others are for the package alone. */
  readonly declared?: Record<string, string>
}

/**
 * Writes a package without spaces and with short names within functions, for those that are large: an application stores
 * every byte. Functions and classes keep their names, so that stack traces can be read.
 */
export const compact: NonNullable<Options['plugins']>[number] = {
  name: 'compact',
  renderChunk: (code, { path }) => ({
    code: minifySync(path, code, {
      module: true,
      compress: false,
      mangle: { toplevel: false, keepNames: { function: true, class: true } },
      codegen: { removeWhitespace: true },
    }).code,
  }),
}

/**
 * The build of a package: ES modules and their declarations in `dist`.
 *
 * The declarations are written file by file, which `isolatedDeclarations` allows, and joined; tsup's own way would
 * check the types of the whole package for it, which took four fifths of a build and is done by `pnpm check types`.
 *
 * @param options tsup's, and which entries are declared where not all are.
 */
export function library({ declared, onSuccess, ...options }: LibraryOptions): Options {
  const { entry } = options
  return {
    format: 'esm',
    clean: true,
    target: 'es2022',
    platform: 'neutral',
    ...options,
    onSuccess: async () => {
      await writeDeclarations(declared ?? entry)
      if (typeof onSuccess === 'function') await onSuccess()
    },
  }
}

async function writeDeclarations(entry: Entry): Promise<void> {
  const bundle = await rolldown({
    input: absolute(entry),
    // What is imported by a bare name, or by one of `imports`, is another module's.
    external: (id) => !/^(?:\.|\/|[A-Za-z]:)/.test(id),
    plugins: [dts({ generator: 'oxc', emitDtsOnly: true })],
  })
  await bundle.write({ dir: 'dist', format: 'es', chunkFileNames: '[name]-[hash].js' })
  await bundle.close()
}

/** By the name of its file in `dist`. */
function absolute(entry: Entry): Record<string, string> {
  const named = Array.isArray(entry)
    ? entry.map((file) => [basename(file, extname(file)), file] as const)
    : Object.entries(entry)
  return Object.fromEntries(named.map(([name, file]) => [name, resolve(file)]))
}
