import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

// The folders of templates that make up a scheme; a later one overrides an earlier one.
const layers: Readonly<Record<string, readonly string[]>> = {
  'hmac-header': ['provider', 'signer', 'hmac', 'hmac-header'],
  'hmac-query': ['provider', 'signer', 'hmac', 'hmac-query'],
  oauth1: ['provider', 'signer', 'oauth1'],
  token: ['provider', 'token'],
}

/** The schemes that the generator knows. */
export const schemes: readonly string[] = Object.keys(layers)

/** Lower-case words joined with "-". */
export const idPattern: RegExp = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Writes a package of a scheme into a new folder. */
export async function writePackage(
  templates: string,
  target: string,
  id: string,
  scheme: string,
): Promise<void> {
  if (!idPattern.test(id)) throw new Error(`"${id}" is no id: lower-case words joined with "-".`)
  const folders = layers[scheme]
  if (!folders) throw new Error(`There is no scheme "${scheme}". Known: ${schemes.join(', ')}.`)
  if (existsSync(target)) throw new Error(`${target} exists.`)
  for (const folder of folders) {
    const source = join(templates, folder)
    for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const from = join(entry.parentPath, entry.name)
      const to = join(target, from.slice(source.length))
      await mkdir(dirname(to), { recursive: true })
      await writeFile(to, named(await readFile(from, 'utf8'), id))
    }
  }
}

/** Writes the changeset of a new package. */
export async function writeChangeset(folder: string, id: string): Promise<void> {
  const text = "---\n'@ez/example-scheme': minor\n---\n\nUse ExampleScheme with `@ez/example-scheme`.\n"
  await writeFile(join(folder, `add-${id}.md`), named(text, id))
}

/** The templates are a package called example-scheme. */
function named(text: string, id: string): string {
  const camel = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return text
    .replaceAll('example-scheme', id)
    .replaceAll('exampleScheme', camel)
    .replaceAll('ExampleScheme', camel.charAt(0).toUpperCase() + camel.slice(1))
}
