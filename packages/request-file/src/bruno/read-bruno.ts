import { EzError } from '@ez/core'
import type { ImportedRequest } from '../imported/imported-request.ts'
import { asText, TokenTranslator } from '../imported/tokens.ts'
import { type BruParser, defaultsFromBru, requestFromBru } from './from-bru.ts'
import { readOpenFile } from './read-open-collection.ts'
import { readRequest } from './read-request.ts'
import type { BrunoDefaults, BrunoEnvironment, BrunoRequest } from './shapes.ts'

/** A file of a collection; its path is relative to the collection, with slashes. */
export interface BrunoFile {
  /** Relative to the collection, with slashes: `orders/create.bru`. */
  readonly path: string
  /** The whole file. */
  readonly text: string
}

/** What a collection of Bruno holds. */
export interface BrunoCollection {
  /** One for each request, with what a person has to look at. */
  readonly imported: readonly ImportedRequest[]
  /** Named values, of the files in `environments`. */
  readonly environments: readonly BrunoEnvironment[]
}

/** A request, and the folders that it lies in, the outermost first. */
interface Found {
  readonly request: BrunoRequest
  readonly path: string
  readonly inner: readonly { readonly name: string; readonly defaults: BrunoDefaults }[]
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/**
 * Reads a collection of Bruno: a folder of `.bru` files, or of OpenCollection YAML, or one bundled file of it.
 *
 * Headers, authorization and variables of folders and of the collection are those of the requests in them. Scripts that run before a
 * request block it.
 *
 * @param parser - what reads `.bru` files: the package `@usebruno/lang`; YAML needs none
 * @throws EZ_IMPORT_INVALID when there is no request, or a file cannot be read
 * @see https://docs.usebruno.com/bru-lang/overview
 * @see https://www.opencollection.com
 * @example
 * const text = 'info: { name: orders, type: http }\nhttp: { method: get, url: https://api.example.com/orders }'
 * readBruno([{ path: 'orders.yml', text }]).imported[0]?.request.name // 'orders'
 */
export function readBruno(files: readonly BrunoFile[], parser?: BruParser): BrunoCollection {
  const found: Found[] = []
  const defaults = new Map<string, BrunoDefaults>()
  const names = new Map<string, string>()
  const environments: BrunoEnvironment[] = []
  for (const { path, text } of files) {
    const folder = folderOf(path)
    const file = path.slice(path.lastIndexOf('/') + 1)
    const read = <Value>(work: () => Value): Value => {
      try {
        return work()
      } catch (cause) {
        throw new EzError(
          'EZ_IMPORT_INVALID',
          `${path}: ${String((cause as Error).message).split('\n', 1)[0]}`,
          { cause },
        )
      }
    }
    if (/\.bru$/.test(file)) {
      if (!parser)
        throw new EzError(
          'EZ_IMPORT_INVALID',
          `${path}: reading .bru files needs the package @usebruno/lang.`,
        )
      if (/(?:^|\/)environments$/.test(folder))
        environments.push({
          name: file.slice(0, -4),
          variables: read(() => variablesOf(parser.bruToEnvJsonV2(text))),
        })
      else if (file === 'collection.bru' || file === 'folder.bru') {
        const json = read(() => parser.collectionBruToJson(text))
        defaults.set(folder, defaultsFromBru(json))
        const name = (json as { meta?: { name?: string } }).meta?.name
        if (file === 'folder.bru' && name !== undefined) names.set(folder, name)
      } else found.push({ request: read(() => requestFromBru(parser.bruToJsonV2(text))), path, inner: [] })
    } else if (/\.ya?ml$/.test(file)) {
      const open = read(() => readOpenFile(text))
      if (open.defaults) defaults.set(folder, open.defaults)
      if (open.folder !== undefined) names.set(folder, open.folder)
      environments.push(...open.environments)
      found.push(...open.requests.map(({ request, folders }) => ({ request, path, inner: folders })))
    }
  }
  const left: string[] = []
  const imported = inOrder(found).flatMap(({ request, path, inner }) => {
    if (request.type !== 'http' && request.type !== 'graphql') {
      left.push(`${path}: the protocol "${request.type}" has no counterpart here, and was left out.`)
      return []
    }
    const above = foldersAbove(path)
    const around = above.flatMap((folder) => defaults.get(folder) ?? [])
    const called = above
      .filter((folder) => folder !== '')
      .map((folder) => names.get(folder) ?? lastOf(folder))
    const shown = [...called, ...inner.map(({ name }) => name)].map((name) => `${name} / `).join('')
    return [readRequest(request, [...around, ...inner.map((one) => one.defaults)], shown)]
  })
  const [first, ...others] = imported
  if (!first) throw new EzError('EZ_IMPORT_INVALID', 'The collection holds no request.')
  return { imported: [{ ...first, notes: [...left, ...first.notes] }, ...others], environments }
}

const lastOf = (folder: string): string => folder.slice(folder.lastIndexOf('/') + 1)

// The collection itself, its folder, the folder in that, …
function foldersAbove(path: string): string[] {
  const parts = folderOf(path)
    .split('/')
    .filter((part) => part !== '')
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))]
}

// As Bruno shows them: by their numbers within a folder.
const inOrder = (found: readonly Found[]): Found[] =>
  [...found].sort((left, right) => {
    const [one, other] = [folderOf(left.path), folderOf(right.path)]
    if (one !== other) return one < other ? -1 : 1
    return left.request.seq - right.request.seq
  })

function variablesOf(json: unknown): Record<string, string> {
  const { variables = [] } = json as {
    variables?: readonly { name: string; value: unknown; enabled: boolean; secret: boolean }[]
  }
  const translator = new TokenTranslator()
  return Object.fromEntries(
    variables
      .filter(({ enabled, secret }) => enabled && !secret)
      .map(({ name, value }) => [translator.name(name), translator.text(asText(value))]),
  )
}
