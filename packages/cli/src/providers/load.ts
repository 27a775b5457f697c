import { pathToFileURL } from 'node:url'
import { EzError, type PreRequestScript, type Provider, type Signer } from '@ez/core'
import type { Grants } from '../grants.ts'
import {
  entryFile,
  findPackage,
  type InstalledPackage,
  installCommand,
  splitSpecifier,
  whyMissing,
} from './package.ts'

const keyword = 'ez-provider'
const loaded = new Map<string, Promise<Provider>>()

/**
 * Loads a provider by its package name: from where `ez` is installed, with the grant `packages` from the folder too.
 *
 * @throws EZ_PROVIDER_REFUSED, EZ_PROVIDER_MISSING, EZ_PROVIDER_INVALID
 */
export function loadProvider(use: string, folder: string, grants: Grants): Promise<Provider> {
  const file = providerFile(use, folder, grants)
  let provider = loaded.get(file)
  if (!provider) {
    provider = importProvider(use, file)
    loaded.set(file, provider)
  }
  return provider
}

/** The file that a `use` loads; nothing of the package runs. */
export function providerFile(use: string, folder: string, grants: Grants): string {
  const { name, subpath } = splitSpecifier(use)
  const found = findPackage(name, folder, grants)
  if (!found)
    throw new EzError('EZ_PROVIDER_MISSING', `${use}: this provider is ${whyMissing(name, folder)}`, {
      details: { package: name, install: installCommand(name, folder) },
    })
  if (!isProvider(found))
    throw new EzError(
      'EZ_PROVIDER_REFUSED',
      `${use}: the package ${name} is no provider: its package.json lacks the keyword "${keyword}". It was not loaded.`,
    )
  const file = entryFile(found, subpath)
  if (file === undefined)
    throw new EzError(
      'EZ_PROVIDER_MISSING',
      `${use}: ${name} ${found.manifest.version ?? ''} has no ${subpath}. \`ez providers\` lists what it has, or update it: ${installCommand(`${name}@latest`, folder)}`,
    )
  return file
}

// Its plain steps are providers too, one subpath each; the package itself is none.
const ofPlainSteps = '@ez/core'

/** Whether a package calls itself a provider. */
export function isProvider({ manifest }: InstalledPackage): boolean {
  if (manifest.name === ofPlainSteps) return true
  return Array.isArray(manifest.keywords) && manifest.keywords.includes(keyword)
}

async function importProvider(use: string, file: string): Promise<Provider> {
  let module: { provider?: Provider }
  try {
    module = (await import(pathToFileURL(file).href)) as { provider?: Provider }
  } catch (cause) {
    throw new EzError('EZ_PROVIDER_INVALID', `${use}: it cannot be loaded: ${(cause as Error).message}`, {
      cause,
    })
  }
  const { provider } = module
  if (typeof provider?.create !== 'function' || typeof provider.options !== 'object')
    throw new EzError(
      'EZ_PROVIDER_INVALID',
      `${use}: it exports no "provider" with "options" and "create". Ask its maintainer, or see the guide to providers.`,
    )
  return provider as Provider<unknown>
}

/** A step made by a provider. */
export type MadeStep = Signer | PreRequestScript
