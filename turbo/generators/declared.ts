import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

type Fields = Readonly<Record<string, unknown>>

/** What a package of a described signature is made of. */
export interface Declared {
  /** YAML or JSON: docs/declared-signatures.md. */
  readonly description: string
  /** JSON: an array in the format of `@ez/core/schema/vector.json`. */
  readonly vectors: string
}

/** Reads both files; what a user would meet later is said now. */
export async function readDeclared(
  root: string,
  { description: file, vectors: cases }: Declared,
): Promise<{ description: Fields; vectors: readonly Fields[] }> {
  const text = await readFile(file, 'utf8')
  // The command's own reader of YAML, of which JSON is a part.
  const { parse } = createRequire(join(root, 'packages/cli/package.json'))('yaml') as {
    parse(text: string): unknown
  }
  const description = parse(text) as Fields
  if (typeof description?.id !== 'string' || typeof description.signature !== 'object')
    throw new Error(
      `${file} is no description: it has no id or no signature. See docs/declared-signatures.md.`,
    )
  if (typeof description.writes !== 'object')
    throw new Error(`${file}: writes is missing. A package signs requests; say where the signature goes.`)
  const vectors = JSON.parse(await readFile(cases, 'utf8')) as unknown
  const list = (Array.isArray(vectors) ? vectors : [vectors]) as readonly Fields[]
  if (list.length === 0 || list.some((vector) => typeof vector?.title !== 'string'))
    throw new Error(`${cases} holds no vectors. \`ez describe … --expect … --vector "title"\` prints one.`)
  return { description, vectors: list }
}

/** Writes the description and the vectors into a package, and what the README says of them. */
export async function fillDeclared(
  target: string,
  id: string,
  { description, vectors }: { description: Fields; vectors: readonly Fields[] },
): Promise<void> {
  const { $schema: _, id: _id, ...rest } = description
  const source = typeof description.source === 'string' ? `\n *\n * Source: ${description.source}` : ''
  await writeFile(
    join(target, 'src/description.ts'),
    `/**\n * The scheme of ${id}.${source}\n */\nexport const description = ${JSON.stringify({ id, ...rest }, null, 2)} as const\n`,
  )
  await writeFile(join(target, 'vectors/vectors.json'), `${JSON.stringify(vectors, null, 2)}\n`)
  const options = (description.options ?? {}) as Fields
  const [first] = vectors
  const given = (first?.options ?? {}) as Fields
  const words: Readonly<Record<string, string>> = {
    OPTION_ROWS: Object.entries(options)
      .map(([name, rule]) => `| \`${name}\` | ${meaningOf(rule)} |`)
      .join('\n'),
    WRITTEN_NAMES: writtenNames(description.writes as Fields).join(', '),
    STAGE_NAMES: Object.keys((description.stages ?? {}) as Fields)
      .map((name) => `\`${name}\``)
      .join(', '),
    EXAMPLE_OPTIONS: literal(given),
  }
  for (const file of ['README.md', 'src/provider.ts']) {
    const text = await readFile(join(target, file), 'utf8')
    await writeFile(
      join(target, file),
      text
        .replace(/OPTION_ROWS|WRITTEN_NAMES|STAGE_NAMES|EXAMPLE_OPTIONS/g, (word) => words[word] ?? word)
        .replace('per stage: , ', 'per stage: '),
    )
  }
}

function meaningOf(rule: unknown): string {
  if (typeof rule === 'string') return rule.endsWith('?') ? `${rule.slice(0, -1)}; may be left out` : rule
  const { about, kind, oneOf, list, default: fallback } = rule as Fields
  const values = Array.isArray(oneOf) ? oneOf.map((one) => `\`${String(one)}\``).join(', ') : undefined
  const start = fallback ?? list
  return [
    about,
    about ? undefined : kind,
    values,
    start === undefined ? undefined : `default \`${String(start)}\``,
  ]
    .filter((part) => part !== undefined)
    .join('; ')
}

function writtenNames(writes: Fields): string[] {
  return Object.entries(writes).flatMap(([place, names]) => {
    if (place === 'path') return ['a segment of the path']
    if (place === 'body') return ['the body']
    const words = Object.keys(names as object).map((name) => `\`${name.replace(/\?$/, '')}\``)
    return place === 'headers' ? words : [`${words.join(', ')} (${place})`]
  })
}

// As TypeScript writes it: names that need no quotes have none.
const literal = (value: Fields): string =>
  JSON.stringify(value)
    .replace(/"([A-Za-z_]\w*)":/g, '$1: ')
    .replaceAll('"', "'")
