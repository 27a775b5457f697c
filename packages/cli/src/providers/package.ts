import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EzError } from '@ez/core'
import { exports as resolveExports } from 'resolve.exports'
import { configFile, type Grants } from '../grants.ts'

/** The fields of a package.json that matter here. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly exports?: unknown
  readonly main?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** A package that is installed. */
export interface InstalledPackage {
  readonly folder: string
  readonly manifest: Manifest
}

/** Where this program is installed. */
export const ownFolder: string = dirname(fileURLToPath(import.meta.url))
const specifierPattern =
  /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)((?:\/[A-Za-z0-9_-][\w.-]*)*)$/

/** The package and subpath of a `use`. @throws EZ_PROVIDER_REFUSED for paths, URLs and what is no package name */
export function splitSpecifier(use: string): { name: string; subpath: string } {
  const match = specifierPattern.exec(use)
  if (!match || use.includes('..'))
    throw new EzError(
      'EZ_PROVIDER_REFUSED',
      `use: ${JSON.stringify(use)} is not the name of a package. Paths and URLs are not loaded; a script of your own goes under "script".`,
    )
  return { name: match[1] as string, subpath: `.${match[2]}` }
}

/**
 * Looks for a package from where this program is installed upwards; what is installed beside a request file only is
 * somebody's code until the user grants `packages`.
 */
export function findPackage(name: string, folder: string, grants: Grants): InstalledPackage | undefined {
  return lookUp(name, ownFolder) ?? (grants.has('packages', folder) ? lookUp(name, folder) : undefined)
}

/** What is the matter with a package that `findPackage` does not find, and what to do: goes on after "is". */
export function whyMissing(name: string, folder: string): string {
  const beside = lookUp(name, folder)
  if (!beside) return `not installed. Run: ${installCommand(name, folder)}`
  const where = dirname(beside.folder.slice(0, -name.length - 1))
  return `not installed where ez is. It lies in ${where}, and may be anybody's code. If you trust it, add --allow packages, or grant it in ${configFile()}: folders: { ${JSON.stringify(where)}: [packages] }. To have it wherever ez is, install it beside ez: ${installCommand(name, ownFolder)}`
}

function lookUp(name: string, start: string): InstalledPackage | undefined {
  for (const folder of foldersUp(start)) {
    const candidate = join(folder, 'node_modules', name)
    const file = join(candidate, 'package.json')
    if (existsSync(file)) return { folder: candidate, manifest: readManifest(file) }
  }
  return undefined
}

/** A folder and those that it is in, up to the root. */
export function* foldersUp(start: string): Generator<string, void, undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    yield folder
    if (dirname(folder) === folder) return
  }
}

/** A package.json; an empty one when it cannot be read. */
export function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch {
    return {}
  }
}

/** The file of a subpath of a package; `undefined` when the package does not export it. */
export function entryFile({ folder, manifest }: InstalledPackage, subpath: string): string | undefined {
  if (manifest.exports === undefined)
    return subpath === '.' ? join(folder, manifest.main ?? 'index.js') : undefined
  try {
    const [found] = resolveExports(manifest, subpath) ?? []
    return found === undefined ? undefined : join(folder, found)
  } catch {
    return undefined
  }
}

const managers: readonly (readonly [lockfile: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm add'],
  ['yarn.lock', 'yarn add'],
  ['bun.lock', 'bun add'],
  ['bun.lockb', 'bun add'],
  ['package-lock.json', 'npm install'],
]

/** The command that installs a package for a folder, by the lockfile that is nearest. */
export function installCommand(name: string, start: string): string {
  for (const folder of foldersUp(start))
    for (const [lockfile, command] of managers)
      if (existsSync(join(folder, lockfile))) return `${command} ${name}`
  return `npm install ${name}`
}
