import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative, sep } from 'node:path'
import { ValueRefused } from './host-function.ts'

/** Packages that a script may require, and those that they stand on. */
const packages = ['crypto-js', 'lodash', 'moment', 'uuid', 'postman-collection', 'chai']
const beneath = [
  ...['postman-url-encoder', 'punycode'],
  ...['assertion-error', 'check-error', 'deep-eql', 'get-func-name', 'loupe', 'pathval', 'type-detect'],
]

/** Parts of the packages that need more than a sandbox has, or weigh more than they are worth. */
const replaced: Readonly<Record<string, string>> = {
  'iconv-lite': 'module.exports = { encodingExists: () => false }',
  './dynamic-variables': 'module.exports = {}',
}

interface Library {
  readonly file: string
  readonly source?: string
}

const own = createRequire(import.meta.url)
const known = new Map<string, Library>()

/** The name by which the sandbox knows a file that a script, or a library, requires. @throws ValueRefused */
export function resolveLibrary(name: string, from: string): string {
  const base = known.get(from)?.file
  const instead =
    from === '' ? undefined : (replaced[name] ?? (browserPart(base, name) === false ? '' : undefined))
  if (instead !== undefined) return keep(`${from} ${name}`, { file: name, source: instead })
  const [root] = name.split('/') as [string]
  const asked = name.startsWith('.')
    ? from !== ''
    : (from === '' ? packages : [...packages, ...beneath]).includes(root)
  if (!asked || (from !== '' && base === undefined))
    throw new ValueRefused(
      `require('${name}'): this library is not there. There are ${packages.join(', ')}, where they are installed.`,
    )
  try {
    const found = (base === undefined ? own : createRequire(base)).resolve(name)
    const { folder, inside } = placeOf(found)
    const part = browserPart(found, `./${inside}`)
    return keep(`${basename(folder)}/${inside}`, {
      file: typeof part === 'string' ? join(folder, part) : found,
    })
  } catch {
    throw new ValueRefused(
      `require('${name}'): the package ${root} is not installed. Install it beside @ez/javascript.`,
    )
  }
}

/** The folder of the package that a file belongs to, and the file's path in it. */
function placeOf(file: string): { folder: string; inside: string } {
  const modules = `${sep}node_modules${sep}`
  const start = file.lastIndexOf(modules) + modules.length
  const folder = file.slice(0, file.indexOf(sep, start))
  return { folder, inside: relative(folder, file).replaceAll(sep, '/') }
}

/** What a package gives browsers in the place of a part; `false` for nothing. Source: the `browser` field. */
function browserPart(file: string | undefined, name: string): string | false | undefined {
  if (file === undefined) return undefined
  const { browser } = JSON.parse(readFileSync(join(placeOf(file).folder, 'package.json'), 'utf8')) as {
    browser?: Record<string, string | false> | string
  }
  return typeof browser === 'object' ? browser[name] : undefined
}

function keep(id: string, library: Library): string {
  known.set(id, library)
  return id
}

/** The source of a file as a function of `exports`, `require` and `module`. */
export function librarySource(id: string): string {
  const library = known.get(id)
  if (library === undefined) throw new ValueRefused('this library was not resolved.')
  const source = library.source ?? readFileSync(library.file, 'utf8')
  return `(function (exports, require, module) {${source}\n})`
}
