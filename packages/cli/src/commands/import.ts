import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { EzError } from '@ez/core'
import { type ImportedRequest, requestFileText } from '@ez/request-file'
import { readText } from '../files/source.ts'
import { writeNew } from '../files/write-new.ts'
import { printable, printableLine } from '../output/printable.ts'
import { checkTarget, makeFolder } from '../send/targets.ts'

export type ImportKind = 'curl' | 'postman' | 'http' | 'ez'

export interface ImportFlags {
  readonly out?: string
  readonly force?: boolean
}

/** `ez import`: turns what another tool wrote into a request file. */
export async function importFrom(
  kind: ImportKind,
  words: readonly string[],
  flags: ImportFlags,
): Promise<void> {
  const imported = await read(kind, words).catch((error: unknown) => {
    throw EzError.isInstance(error) ? error : unreadable(kind, error)
  })
  const text = requestFileText(imported)
  const folder = flags.out === undefined ? process.cwd() : dirname(resolve(flags.out))
  const files = Object.assign({}, ...imported.map(({ files = {} }) => files)) as Record<string, string>
  if (flags.out === undefined) process.stdout.write(text)
  else {
    await makeFolder('--out', folder)
    await checkTarget('--out', flags.out)
    await writeNew(resolve(flags.out), text, flags.force)
    process.stderr.write(
      `Wrote ${flags.out}: ${imported.length} ${imported.length === 1 ? 'request' : 'requests'}.\n`,
    )
  }
  for (const [name, content] of Object.entries(files)) {
    if (flags.out === undefined)
      process.stderr.write(`A script is kept only with --out: ${printableLine(name)}\n`)
    else {
      await writeNew(join(folder, name), content, flags.force)
      process.stderr.write(
        `Wrote ${printableLine(name)}, a ${name.endsWith('.test.js') ? 'script that looks at the answer' : 'pre-request script'}.\n`,
      )
    }
  }
  for (const note of new Set(imported.flatMap(({ notes }) => notes)))
    process.stderr.write(`note: ${printable(note)}\n`)
}

const kinds: Readonly<Record<ImportKind, string>> = {
  curl: 'cURL command',
  postman: 'Postman collection',
  http: '.http file',
  ez: 'export',
}

// A source that breaks its own format in a way that nobody foresaw is wrong input, and no fault of the program.
const unreadable = (kind: ImportKind, cause: unknown): EzError =>
  new EzError(
    'EZ_IMPORT_INVALID',
    `The source is no ${kinds[kind]} that can be read: ${cause instanceof Error ? cause.message : String(cause)}. Save it anew from where it comes from.`,
    { cause },
  )

async function read(kind: ImportKind, words: readonly string[]): Promise<ImportedRequest[]> {
  switch (kind) {
    case 'curl': {
      const { readCurl } = await import('@ez/request-file/curl')
      return readCurl(await curlCommand(words))
    }
    case 'postman':
      return (await import('@ez/request-file/postman')).readPostmanCollection(await content(words))
    case 'http':
      return (await import('@ez/request-file/http')).readHttpFile(await content(words))
    case 'ez':
      return (await import('@ez/request-file/ez')).readEzExport(await content(words))
  }
}

// The command itself, in one word or in many, a file that holds it, or standard input.
async function curlCommand(words: readonly string[]): Promise<string> {
  const [first = '', ...others] = words
  if (/^\s*$/.test(first) && others.length === 0) return first
  if (others.length > 0) return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return /^\s*(?:\$ )?curl\b/.test(first) && !existsSync(first) ? first : content(words)
}

async function content([name = '-', ...others]: readonly string[]): Promise<string> {
  if (others.length > 0) throw new EzError('EZ_USAGE', 'ez import takes one source.')
  if (name !== '-') return readText(name, resolve(name))
  return (await buffer(process.stdin)).toString('utf8')
}
