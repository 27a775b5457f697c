import { dirname, join, resolve } from 'node:path'
import { hideCredentials, requestFileText } from '@ez/request-file'
import { writeNew } from '../files/write-new.ts'
import { environmentFiles } from '../import/environment-files.ts'
import type { ImportKind } from '../import/kind.ts'
import { noteLines } from '../import/notes.ts'
import { readImport } from '../import/read.ts'
import { relocate } from '../import/relocate.ts'
import { printableLine } from '../output/printable.ts'
import { checkTarget, makeFolder } from '../send/targets.ts'

export interface ImportFlags {
  readonly out?: string
  readonly envOut?: string
  readonly force?: boolean
}

/** `ez import`: turns what another tool wrote into a request file. */
export async function importFrom(
  kind: ImportKind | undefined,
  words: readonly string[],
  flags: ImportFlags,
): Promise<void> {
  const { found, environments } = await readImport(kind, words)
  const folder = flags.out === undefined ? process.cwd() : dirname(resolve(flags.out))
  const { imported, credentials } = hideCredentials(
    found.map(({ imported: entry, source }) => ({
      ...entry,
      request: source.kind === 'postman' ? entry.request : relocate(entry.request, source.folder, folder),
    })),
  )
  const text = requestFileText(imported)
  if (flags.out === undefined) process.stdout.write(text)
  else {
    await writeTarget('--out', flags.out, text, flags.force)
    tell(`Wrote ${flags.out}: ${imported.length} ${imported.length === 1 ? 'request' : 'requests'}.`)
  }
  const files = Object.assign({}, ...imported.map(({ files = {} }) => files)) as Record<string, string>
  for (const [name, content] of Object.entries(files)) {
    if (flags.out === undefined) tell(`A script is kept only with --out: ${printableLine(name)}`)
    else {
      await writeNew(join(folder, name), content, flags.force)
      const what = name.endsWith('.test.js') ? 'script that looks at the answer' : 'pre-request script'
      tell(`Wrote ${printableLine(name)}, a ${what}.`)
    }
  }
  if (flags.envOut !== undefined)
    for (const file of environmentFiles(flags.envOut, credentials, environments)) {
      await writeTarget('--env-out', file.path, file.text, flags.force)
      tell(`Wrote ${printableLine(file.path)}: variables, credentials among them.`)
    }
  const lines = noteLines(
    imported.map((entry, index) => ({ ...found[index], imported: entry }) as (typeof found)[number]),
  )
  const names = environments.map(({ name }) => name).filter((name) => name !== '')
  if (flags.envOut === undefined && environments.length > 0)
    lines.push(
      `note: The variables of ${names.length > 0 ? `the environments ${printableLine(names.join(', '))}` : 'all environments'} were not written: --env-out ez.env.yaml does so.`,
    )
  for (const line of lines) tell(line)
}

async function writeTarget(
  flag: '--out' | '--env-out',
  file: string,
  text: string,
  force?: boolean,
): Promise<void> {
  await makeFolder(flag, dirname(resolve(file)))
  await checkTarget(flag, file)
  await writeNew(resolve(file), text, force)
}

const tell = (line: string): void => void process.stderr.write(`${line}\n`)
