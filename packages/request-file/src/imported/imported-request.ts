import { Document, visit } from 'yaml'
import type { FileValue, RequestValue } from '../model/request-value.ts'
import { printable } from '../source/printable.ts'
import { asFlow } from './flow-of-requests.ts'

/** A request that was imported, with what a person has to look at. */
export interface ImportedRequest {
  /** The request as a file holds it, with its `{{variables}}`. */
  readonly request: RequestValue
  /** What a person has to look at, in sentences. */
  readonly notes: readonly string[]
  /** Whether it stands on the requests before it, so that all of them are steps of one flow. */
  readonly chained?: boolean
  /** Scripts that were kept, by file name. */
  readonly files?: Readonly<Record<string, string>>
  /** Credentials that were read and not copied, by the variables that stand in their places. */
  readonly credentials?: Readonly<Record<string, string>>
}

const schemaLine = '# yaml-language-server: $schema=https://unpkg.com/@ez/cli/schema/request.schema.json\n'

/** Imported requests as the text of a request file; notes become comments at its head. */
export function requestFileText(imported: readonly ImportedRequest[]): string {
  const notes = [...new Set(imported.flatMap(({ notes }) => notes))]
  const [first] = imported
  const value: FileValue =
    imported.length === 1 && first && !first.chained
      ? first.request
      : withDefaults(
          uniqueNames(imported),
          imported.some(({ chained }) => chained === true),
        )
  const comments = notes.map((note) => `# ${printable(note).replaceAll('\n', '\n# ')}\n`).join('')
  return `${schemaLine}${comments}${yamlOf(value)}`
}

// YAML writes these as they are, and a terminal would obey them or turn the direction of what is read.
const hidden = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

function yamlOf(value: FileValue): string {
  const document = new Document(value)
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && node.value.search(hidden) >= 0) node.type = 'QUOTE_DOUBLE'
    },
  })
  return document
    .toString({ lineWidth: 0, defaultStringType: 'PLAIN', defaultKeyType: 'PLAIN' })
    .replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

// Variables that all requests share are written once.
function withDefaults(requests: readonly RequestValue[], chained: boolean): FileValue {
  if (chained) return asFlow(requests)
  const [first, ...others] = requests
  const shared = Object.entries(first?.variables ?? {}).filter(([name, value]) =>
    others.every(
      ({ variables = {} }) =>
        Object.hasOwn(variables, name) && JSON.stringify(variables[name]) === JSON.stringify(value),
    ),
  )
  if (shared.length === 0) return { requests: [...requests] }
  const names = new Set(shared.map(([name]) => name))
  return {
    defaults: { variables: Object.fromEntries(shared) },
    requests: requests.map(({ variables = {}, ...request }) => {
      const own = Object.entries(variables).filter(([name]) => !names.has(name))
      return { ...request, ...(own.length > 0 && { variables: Object.fromEntries(own) }) }
    }),
  }
}

function uniqueNames(imported: readonly ImportedRequest[]): RequestValue[] {
  const used = new Set<string>()
  return imported.map(({ request }, index) => {
    const wanted = request.name ?? `request ${index + 1}`
    let name = wanted
    for (let number = 2; used.has(name); number += 1) name = `${wanted} ${number}`
    used.add(name)
    return { ...request, name }
  })
}

/**
 * Text that is to stand as it is: what would be a token of ours is escaped.
 *
 * Of more than two braces the last two open a token; once they are escaped, the two before them would.
 */
export const literal = (text: string): string =>
  text.replace(/\{{2,}|\{(?=%)/g, (braces) =>
    braces.length === 1
      ? '\\{'
      : `${'{'.repeat(braces.length % 2)}${'\\{{'.repeat(Math.floor(braces.length / 2))}`,
  )

/** The name of a request as the beginning of the name of a file. */
export const fileStem = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase() || 'request'

/** Pairs as a map, or as a list when a name comes twice. */
export function pairsValue(
  pairs: readonly (readonly [string, string])[],
): Record<string, string> | [string, string][] {
  const names = new Set(pairs.map(([name]) => name.toLowerCase()))
  return names.size === pairs.length
    ? Object.fromEntries(pairs)
    : pairs.map(([name, value]): [string, string] => [name, value])
}

/** A body of text, as JSON where it is JSON in its plainest form, so that it can be read and edited. */
export function textBody(
  text: string,
  contentType: string | undefined,
  write: (text: string) => string = literal,
): NonNullable<RequestValue['body']> {
  if (contentType === undefined || /json/i.test(contentType)) {
    try {
      const value = JSON.parse(text) as unknown
      // Only what is serialised to the same bytes again.
      if (
        typeof value === 'object' &&
        value !== null &&
        JSON.stringify(value) === text &&
        !text.includes('{{') &&
        !text.includes('{%')
      )
        return { json: value }
    } catch {
      // Not JSON: kept as text.
    }
  }
  return { text: write(text) }
}
