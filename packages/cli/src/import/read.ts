import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, relative, resolve } from 'node:path'
import { EzError } from '@ez/core'
import type { ImportedRequest } from '@ez/request-file'
import { Grants } from '../grants.ts'
import { ownFolder } from '../providers/package.ts'
import { loadOptional } from '../providers/scripts.ts'
import { type ImportKind, isKind, kinds } from './kind.ts'
import { httpEnvironments, type ImportSource, readSources } from './sources.ts'

/** A request with the file that it comes from. */
export interface Found {
  readonly imported: ImportedRequest
  readonly source: ImportSource
}

/** Variables of an environment; of all of them under an empty name. */
export interface Environment {
  readonly name: string
  readonly variables: Readonly<Record<string, string>>
}

/** Everything that was read. */
export interface ReadImport {
  readonly found: readonly Found[]
  readonly environments: readonly Environment[]
}

/** Reads what the words of `ez import` name; `kind` is guessed when it is left out. */
export async function readImport(
  kind: ImportKind | undefined,
  words: readonly string[],
): Promise<ReadImport> {
  const command = kind === undefined || kind === 'curl' ? curlWords(words) : undefined
  const sources: ImportSource[] =
    command === undefined
      ? await readSources(kind, words.length === 0 ? ['-'] : words)
      : [{ folder: process.cwd(), kind: 'curl', text: command, path: '' }]
  const environments: Environment[] = []
  const found: Found[] = []
  const collections = new Map<string, ImportSource[]>()
  for (const source of sources) {
    if (source.kind === 'bruno') {
      const root = source.collection ?? source.folder
      collections.set(root, [...(collections.get(root) ?? []), source])
      continue
    }
    await orTold(source, async () => {
      if (source.kind === 'environment') {
        const { readPostmanEnvironment } = await import('@ez/request-file/postman')
        environments.push(readPostmanEnvironment(source.text))
      } else found.push(...(await readSource(source)).map((imported) => ({ imported, source })))
    })
  }
  for (const files of collections.values()) {
    const [source] = files as [ImportSource]
    await orTold(source, async () => {
      const read = await readCollection(files)
      environments.push(...read.environments)
      found.push(...read.found)
    })
  }
  const beside = sources.filter((source) => source.kind === 'http').map(({ folder }) => folder)
  if (beside.length > 0) {
    const { readHttpEnvironments } = await import('@ez/request-file/http')
    const texts = await httpEnvironments(beside)
    for (const [name, variables] of Object.entries(readHttpEnvironments(texts)))
      environments.push({ name, variables })
  }
  if (found.length === 0)
    throw new EzError(
      'EZ_IMPORT_INVALID',
      'These are variables of an environment. Name the collection that uses them too.',
    )
  return { found: namedByFile(found), environments }
}

// The command itself, in one word or in many; a file that holds it is a source as any other.
function curlWords(words: readonly string[]): string | undefined {
  const [first = '', ...others] = words
  if (!/^\s*(?:[$%] )?(?:\S*[\\/])?curl(?:\.exe)?(?:\s|$)/.test(first) || existsSync(first)) return undefined
  return others.length > 0 ? words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ') : first
}

async function readSource(source: ImportSource): Promise<readonly ImportedRequest[]> {
  const { kind, text, folder } = source
  switch (kind) {
    case 'curl':
      return (await import('@ez/request-file/curl')).readCurl(text)
    case 'postman':
      return (await import('@ez/request-file/postman')).readPostmanCollection(text)
    case 'http':
      return (await import('@ez/request-file/http')).readHttpFile(text, {
        readFile: (file) => textBelow(folder, file),
      })
    default:
      return (await import('@ez/request-file/ez')).readEzExport(text)
  }
}

// Of a folder that somebody else wrote, nothing outside it is read.
function textBelow(folder: string, file: string): string | undefined {
  const path = resolve(folder, file)
  if (isAbsolute(relative(folder, path)) || relative(folder, path).startsWith('..')) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch {
    return undefined
  }
}

async function readCollection(files: readonly ImportSource[]): Promise<ReadImport> {
  const { readBruno } = await import('@ez/request-file/bruno')
  const parser = files.some(({ path }) => path.endsWith('.bru'))
    ? await loadOptional('@usebruno/lang', '.', ownFolder, 'Reading .bru files', new Grants([], {}))
    : undefined
  const bru = (parser?.default ?? parser) as Parameters<typeof readBruno>[1]
  const { imported, environments } = readBruno(files, bru)
  const [source] = files as [ImportSource]
  return {
    found: imported.map((entry) => ({
      imported: entry,
      source: { ...source, name: source.collection ?? source.folder },
    })),
    environments,
  }
}

// Requests of several files are told apart by the names of those.
function namedByFile(found: readonly Found[]): Found[] {
  const several = new Set(found.map(({ source }) => source.name)).size > 1
  if (!several) return [...found]
  return found.map(({ imported, source }) => {
    const stem = source.path.replace(/\.[^./]+$/, '').replaceAll('/', ' / ')
    const own = imported.request.name
    const name = source.kind === 'bruno' ? own : own === undefined ? stem : `${stem} / ${own}`
    return {
      source,
      imported: { ...imported, request: { ...imported.request, ...(name !== undefined && { name }) } },
    }
  })
}

// A source that breaks its own format in a way that nobody foresaw is wrong input, and no fault of the program.
async function orTold(source: ImportSource, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    if (EzError.isInstance(cause)) throw cause
    const what = isKind(source.kind) ? kinds[source.kind] : 'environment'
    throw new EzError(
      'EZ_IMPORT_INVALID',
      `${source.name ?? 'The source'} is no ${what} that can be read: ${cause instanceof Error ? cause.message : String(cause)}. Save it anew from where it comes from.`,
      { cause },
    )
  }
}
