import { basename, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EzError } from '@ez/core'
import type { StepValue } from '@ez/request-file'
import type { Grants } from '../grants.ts'
import { closeAtEnd } from './closers.ts'
import type { MadeStep } from './load.ts'
import { entryFile, findPackage, installCommand, whyMissing } from './package.ts'

type Factory = (options: Record<string, unknown>) => MadeStep

const languages: Readonly<Record<string, { readonly package: string; readonly factory: string }>> = {
  '.py': { package: '@ez/python', factory: 'pythonScript' },
  '.js': { package: '@ez/javascript', factory: 'javascriptScript' },
  '.mjs': { package: '@ez/javascript', factory: 'javascriptScript' },
}

/** The package that runs scripts of a file's language. */
export function languageOf(script: string): { readonly package: string; readonly factory: string } {
  const language = languages[extname(script)]
  if (!language) throw new EzError('EZ_FILE_INVALID', `${script}: a script is a .py, .js or .mjs file.`)
  return language
}

/** Loads a module of a package that is installed when it is needed. @throws EZ_PROVIDER_MISSING with the install command */
export async function loadOptional(
  name: string,
  subpath: string,
  folder: string,
  need: string,
  grants: Grants,
): Promise<Record<string, unknown>> {
  const found = findPackage(name, folder, grants)
  const file = found && entryFile(found, subpath)
  if (!file) {
    const install = installCommand(name, folder)
    throw new EzError('EZ_PROVIDER_MISSING', `${need} needs ${name}, which is ${whyMissing(name, folder)}`, {
      details: { package: name, install },
    })
  }
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>
}

/** The step of a script of the user's own. @throws EZ_NOT_ALLOWED, EZ_PROVIDER_MISSING and the codes of its package */
export async function scriptStep(
  value: StepValue,
  parameters: unknown,
  from: string,
  folder: string,
  grants: Grants,
): Promise<MadeStep> {
  const script = value.script as string
  const file = grants.path(script, from)
  if (value.allow?.hosts?.length)
    grants.check('network', from, `${script}: network access to ${value.allow.hosts.join(', ')}`)
  const factory = await factoryOf(script, folder, grants)
  return factory({
    file,
    ...(parameters !== undefined && { parameters }),
    ...(value.exports && { exports: value.exports }),
    ...(value.allow && { allow: value.allow }),
    ...(value.timeoutMs !== undefined && { timeoutMs: value.timeoutMs }),
    ...(value.memoryMb !== undefined && { memoryMb: value.memoryMb }),
  })
}

/** The step of a script's text, which stands for the file that it comes from. @throws EZ_PROVIDER_MISSING */
export async function sourceStep(
  script: string,
  source: string,
  parameters: Readonly<Record<string, unknown>>,
  outputs: Readonly<Record<string, string>>,
  folder: string,
  grants: Grants,
): Promise<MadeStep> {
  const factory = await factoryOf(script, folder, grants)
  // Python's variables leave by name; JavaScript publishes.
  const ofPython = extname(script) === '.py' ? { name: basename(script), exports: outputs } : {}
  return factory({ source, parameters, ...ofPython })
}

async function factoryOf(script: string, folder: string, grants: Grants): Promise<Factory> {
  const language = languageOf(script)
  const module = await loadOptional(language.package, '.', folder, `The script ${script}`, grants)
  if (typeof module.closePython === 'function') closeAtEnd(module.closePython as () => unknown)
  return module[language.factory] as Factory
}
