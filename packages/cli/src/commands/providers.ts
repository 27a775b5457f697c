import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { EzError, type Provider } from '@ez/core'
import { loadGrants } from '../config.ts'
import type { Grants } from '../grants.ts'
import { colors } from '../output/colors.ts'
import { printable, printableJson, printableLine } from '../output/printable.ts'
import { isProvider, loadProvider } from '../providers/load.ts'
import type { OptionSchema } from '../providers/option-schema.ts'
import {
  findPackage,
  foldersUp,
  type InstalledPackage,
  ownFolder,
  readManifest,
  splitSpecifier,
} from '../providers/package.ts'

interface Listed {
  readonly use: string
  readonly version: string
  readonly description: string
  readonly provider?: Provider
  readonly problem?: string
}

/** `ez providers`: what `use` can name in a request file of this folder. */
export async function providers(
  use: string | undefined,
  flags: { readonly json?: boolean; readonly allow?: readonly string[] },
): Promise<void> {
  const grants = await loadGrants(flags.allow ?? [])
  const listed = use === undefined ? await listAll(grants) : [await listOne(use, grants)]
  if (flags.json) {
    const data = listed.map(({ provider, ...entry }) => ({
      ...entry,
      ...(provider && { id: provider.id, options: provider.options }),
    }))
    process.stdout.write(`${printableJson(data, 2)}\n`)
    return
  }
  const { bold, dim } = colors(process.stdout)
  if (listed.length === 0)
    process.stdout.write('No provider is installed here. For example: npm install @ez/aws-sigv4\n')
  for (const { use: name, version, description, provider, problem } of listed) {
    process.stdout.write(
      `${bold(printableLine(name))} ${dim(printableLine(version))}  ${printableLine(description)}\n`,
    )
    if (problem) process.stdout.write(`  ${printable(problem)}\n`)
    if (provider) process.stdout.write(`${optionLines(provider.options, '  ')}\n`)
  }
}

async function listOne(use: string, grants: Grants): Promise<Listed> {
  const provider = await loadProvider(use, process.cwd(), grants)
  const manifest = findPackage(splitSpecifier(use).name, process.cwd(), grants)?.manifest
  return { use, version: manifest?.version ?? '', description: manifest?.description ?? '', provider }
}

async function listAll(grants: Grants): Promise<Listed[]> {
  const listed: Listed[] = []
  for (const found of installed()) {
    const { name = '', version = '', description = '', exports } = found.manifest
    if (!findPackage(name, process.cwd(), grants)) {
      listed.push({
        use: name,
        version,
        description,
        problem: 'Lies beside your files only: --allow packages',
      })
      continue
    }
    const subpaths = typeof exports === 'object' && exports !== null ? Object.keys(exports) : ['.']
    for (const subpath of subpaths.filter((path) => path.startsWith('.') && !/\.json$|\*/.test(path))) {
      const use = `${name}${subpath.slice(1)}`
      try {
        listed.push({ use, version, description, provider: await loadProvider(use, process.cwd(), grants) })
      } catch (error) {
        // A subpath without a provider, such as a verifier, or one that needs a library that is not there, is none
        // that is broken.
        if (!EzError.isInstance(error) || error.cause === undefined) continue
        if ((error.cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') continue
        listed.push({ use, version, description, problem: error.message })
      }
    }
  }
  return listed.sort((left, right) => (left.use < right.use ? -1 : 1))
}

function installed(): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>()
  for (const folder of [...foldersUp(ownFolder), ...foldersUp(process.cwd())])
    for (const candidate of packagesIn(join(folder, 'node_modules'))) {
      const { name } = candidate.manifest
      if (name !== undefined && isProvider(candidate) && !found.has(name)) found.set(name, candidate)
    }
  return [...found.values()]
}

function packagesIn(folder: string): InstalledPackage[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (name.startsWith('@') && statSync(path).isDirectory())
      return readdirSync(path).map((scoped) => packageAt(join(path, scoped)))
    return name.startsWith('.') ? [] : [packageAt(path)]
  })
}

const packageAt = (folder: string): InstalledPackage => ({
  folder,
  manifest: readManifest(join(folder, 'package.json')),
})

// As TypeScript writes it: `all | string[]`.
function kindOf({ enum: values, const: only, oneOf, anyOf = oneOf, type, items }: OptionSchema): string {
  if (values) return values.map(String).join(' | ')
  if (only !== undefined) return String(only)
  if (anyOf) return anyOf.map(kindOf).join(' | ')
  if (type === 'array' && items) {
    const kind = kindOf(items)
    return kind.includes(' ') ? `(${kind})[]` : `${kind}[]`
  }
  return [type ?? 'any'].flat().join(' | ')
}

function optionLines(schema: OptionSchema, indent: string): string {
  const { dim } = colors(process.stdout)
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {})
    .map(([name, option]) => {
      const fallback = option.default === undefined ? '' : ` (default ${JSON.stringify(option.default)})`
      const line = `${indent}${printableLine(name)}${required.has(name) ? '' : '?'}: ${printableLine(`${kindOf(option)}${fallback}`)}${option.description ? dim(`  ${printableLine(option.description)}`) : ''}`
      return option.properties ? `${line}\n${optionLines(option, `${indent}  `)}` : line
    })
    .join('\n')
}
