import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { EzError } from '@ez/core'
import { readText } from '../files/source.ts'
import { guessKind, type ImportKind } from './kind.ts'

/** A text of another tool. */
export interface ImportSource {
  /** As messages call it; `undefined` for what has no file. */
  readonly name?: string
  /** Where files that it names lie. */
  readonly folder: string
  readonly kind: ImportKind | 'environment'
  readonly text: string
  /** Of a file that was found in a directory: relative to it, or to its collection, with slashes. */
  readonly path: string
  /** Of Bruno: the folder of the collection. */
  readonly collection?: string
}

const mostFiles = 10_000
const environmentFile = /^http-client(?:\.private)?\.env\.json$/i

/**
 * Reads what the words of `ez import` name: files, directories, standard input.
 *
 * @throws EZ_IMPORT_INVALID when it cannot be told what a file is; EZ_FILE_NOT_FOUND, EZ_FILE_UNREADABLE
 */
export async function readSources(
  kind: ImportKind | undefined,
  names: readonly string[],
): Promise<ImportSource[]> {
  const sources: ImportSource[] = []
  for (const name of names) {
    if (name === '-') {
      const text = (await buffer(process.stdin)).toString('utf8')
      sources.push({
        folder: process.cwd(),
        kind: kind ?? known('Standard input', guessKind('', text)),
        text,
        path: '',
      })
      continue
    }
    const absolute = resolve(name)
    if (statSync(absolute, { throwIfNoEntry: false })?.isDirectory())
      sources.push(...(await directory(kind, name, absolute)))
    else {
      const text = await readText(name, absolute)
      const guessed = guessKind(name, text)
      sources.push({
        name,
        folder: dirname(absolute),
        kind: guessed === 'environment' ? guessed : (kind ?? known(name, guessed)),
        text,
        path: basename(name),
        ...(guessed === 'bruno' && { collection: dirname(absolute) }),
      })
    }
  }
  return sources
}

function known(name: string, kind: ImportSource['kind'] | undefined): ImportSource['kind'] {
  if (kind !== undefined) return kind
  throw new EzError(
    'EZ_IMPORT_INVALID',
    `${name}: it cannot be told what this is. Say so: ez import curl, postman, bruno, http or ez.`,
  )
}

async function directory(
  kind: ImportKind | undefined,
  name: string,
  absolute: string,
): Promise<ImportSource[]> {
  const paths = filesIn(absolute)
  const roots = collectionsIn(absolute, paths)
  const sources: ImportSource[] = []
  for (const path of paths) {
    if (!candidate.test(path) || environmentFile.test(basename(path))) continue
    const file = join(absolute, path)
    const text = await readText(join(name, path), file).catch(() => undefined)
    if (text === undefined) continue
    const collection = /\.(?:bru|ya?ml)$/i.test(path)
      ? roots.find((root) => !relative(root, file).startsWith('..'))
      : undefined
    const guessed = collection === undefined ? guessKind(path, text) : 'bruno'
    if (guessed === undefined || (kind !== undefined && guessed !== kind && guessed !== 'environment'))
      continue
    sources.push({
      name: join(name, path),
      folder: dirname(file),
      kind: guessed,
      text,
      path: relative(collection ?? absolute, file).replaceAll('\\', '/'),
      ...(guessed === 'bruno' && { collection: collection ?? absolute }),
    })
  }
  if (!sources.some((source) => source.kind !== 'environment'))
    throw new EzError(
      'EZ_IMPORT_INVALID',
      `${name}: no file in this directory is one that ${kind === undefined ? 'ez import' : `ez import ${kind}`} reads.`,
    )
  return sources
}

const candidate = /\.(?:http|rest|bru|ya?ml|json|ez|sh|curl)$/i

/** The files of a directory and those below it, in order; without what tools keep there. */
function filesIn(folder: string): string[] {
  const found: string[] = []
  const walk = (inner: string): void => {
    for (const entry of readdirSync(join(folder, inner), { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      const path = join(inner, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (entry.isFile()) found.push(path)
      if (found.length > mostFiles)
        throw new EzError(
          'EZ_IMPORT_INVALID',
          `${folder}: it holds more than ${mostFiles} files. Name a directory below it.`,
        )
    }
  }
  walk('')
  return found.sort()
}

// The innermost first.
function collectionsIn(folder: string, paths: readonly string[]): string[] {
  const marks = paths.filter((path) =>
    /(?:^|[\\/])(?:bruno\.json|collection\.bru|opencollection\.ya?ml)$/i.test(path),
  )
  const roots = [...new Set(marks.map((path) => dirname(join(folder, path))))]
  if (roots.length === 0 && paths.some((path) => path.endsWith('.bru'))) roots.push(folder)
  return roots.sort((left, right) => right.length - left.length)
}

/** The environments that lie beside `.http` files. */
export async function httpEnvironments(folders: readonly string[]): Promise<string[]> {
  const texts: string[] = []
  for (const folder of new Set(folders))
    for (const file of ['http-client.env.json', 'http-client.private.env.json']) {
      const path = join(folder, file)
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) texts.push(await readText(file, path))
    }
  return texts
}
