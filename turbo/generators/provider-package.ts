import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Declared, fillDeclared, readDeclared } from './declared.ts'

// The folders of templates that make up a scheme; a later one overrides an earlier one.
const layers: Readonly<Record<string, readonly string[]>> = {
  'hmac-header': ['provider', 'signer', 'hmac', 'hmac-header'],
  'hmac-query': ['provider', 'signer', 'hmac', 'hmac-query'],
  oauth1: ['provider', 'signer', 'oauth1'],
  token: ['provider', 'token'],
  declared: ['provider', 'declared'],
}

/** The schemes that the generator knows. */
export const schemes: readonly string[] = Object.keys(layers)

/** Lower-case words joined with "-". */
export const idPattern: RegExp = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** The file names and texts of a scheme's templates, by their path in the package. */
async function templatesOf(templates: string, scheme: string): Promise<Map<string, string>> {
  const folders = layers[scheme]
  if (!folders) throw new Error(`There is no scheme "${scheme}". Known: ${schemes.join(', ')}.`)
  const files = new Map<string, string>()
  for (const folder of folders) {
    const source = join(templates, folder)
    for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const from = join(entry.parentPath, entry.name)
      files.set(from.slice(source.length + 1), await readFile(from, 'utf8'))
    }
  }
  return files
}

/** What is wrong with an id for a scheme, or `undefined`. */
export async function problemOf(
  templates: string,
  target: string,
  id: string,
  scheme: string,
): Promise<string | undefined> {
  if (!idPattern.test(id)) return `"${id}" is no id: lower-case words joined with "-".`
  if (existsSync(target)) return `${target} exists.`
  // An id may not give a name that the code has already, nor a word of the language.
  const code = [...(await templatesOf(templates, scheme))]
    .filter(([file]) => file.endsWith('.ts'))
    .map(([, text]) => text.replace(/\/\*\*.*?\*\/|\/\/.*$|'[^'\n]*'/gms, ''))
    .join('\n')
  const names = new Set(code.match(/[A-Za-z_$][\w$]*/g))
  for (const name of names)
    if (/exampleScheme/i.test(name) && (names.has(named(name, id)) || isReserved(named(name, id))))
      return `"${id}" gives the name ${named(name, id)}, which means something else already. Add a word: ${id}-api.`
  return undefined
}

function isReserved(name: string): boolean {
  try {
    new Function(`'use strict'; const ${name} = 1`)
    return name === 'await'
  } catch {
    return true
  }
}

/** Writes a package of a scheme into a new folder. */
export async function writePackage(
  templates: string,
  target: string,
  id: string,
  scheme: string,
  declared?: Declared,
): Promise<void> {
  const problem = await problemOf(templates, target, id, scheme)
  if (problem) throw new Error(problem)
  if ((scheme === 'declared') !== (declared !== undefined))
    throw new Error('The scheme "declared", and it alone, takes a description and vectors.')
  const read = declared && (await readDeclared(join(templates, '../../..'), declared))
  for (const [file, text] of await templatesOf(templates, scheme)) {
    await mkdir(dirname(join(target, file)), { recursive: true })
    await writeFile(join(target, file), named(text, id))
  }
  if (!read) return
  await mkdir(join(target, 'vectors'), { recursive: true })
  await fillDeclared(target, id, read)
}

/** Writes the changeset of a new package. */
export async function writeChangeset(folder: string, id: string): Promise<void> {
  const text = "---\n'@ez/example-scheme': minor\n---\n\nUse ExampleScheme with `@ez/example-scheme`.\n"
  await writeFile(join(folder, `add-${id}.md`), named(text, id))
}

/** The templates are a package called example-scheme. */
function named(text: string, id: string): string {
  const camel = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  const names: Readonly<Record<string, string>> = {
    'example-scheme': id,
    exampleScheme: camel,
    ExampleScheme: camel.charAt(0).toUpperCase() + camel.slice(1),
  }
  // At one go: the id may hold a word of the templates itself.
  return text.replace(/example-scheme|exampleScheme|ExampleScheme/g, (word) => names[word] ?? word)
}
