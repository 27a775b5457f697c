import { type Document, isAlias, isCollection, isMap, isScalar, type Node, visit } from 'yaml'

/** Something in a YAML document that would be read as another thing than what was meant. */
export interface Trap {
  /** Offsets in the text. */
  readonly start: number
  readonly end: number
  readonly message: string
}

// The tags of JSON's own types, which say what a value is in any case.
const harmlessTags: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
)

/**
 * What YAML allows and a request file does not: maps and lists as keys, which is what `{{id}}` without quotes is, tags
 * for values that JSON does not have (`!!binary`, `!!set`, `!!timestamp`), and the rules of YAML 1.1.
 */
export function yamlTraps(document: Document, text: string): Trap[] {
  const traps: Trap[] = []
  const { yaml } = document.directives ?? {}
  if (yaml?.explicit && yaml.version !== '1.2')
    traps.push({
      start: 0,
      end: 1,
      message: `a file of YAML ${yaml.version} would have other values, such as yes for true. Leave the %YAML line out.`,
    })
  const reported = new Set<unknown>()
  visit(document, {
    Node(_key, node) {
      const { tag } = node as { tag?: string }
      if (tag === undefined || harmlessTags.has(tag) || !tag.startsWith('tag:yaml.org,2002:')) return
      const name = `!!${tag.slice(tag.lastIndexOf(':') + 1)}`
      traps.push({
        ...rangeOf(node),
        message: `the tag ${name} makes a value that a request cannot hold. Write the value without it.`,
      })
    },
    Pair(_key, pair, path) {
      const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key
      if (!isCollection(key) || reported.has(pair)) return
      const parent = path.at(-1) as Node
      const inner = isMap(key) ? tokenIn(key, text) : undefined
      visit(key, { Pair: (_index, one) => void reported.add(one) })
      traps.push(
        inner !== undefined && isMap(parent) && parent.flow
          ? {
              ...rangeOf(parent),
              message: `YAML reads {{${inner}}} without quotes as a map. Put the whole value in quotes: '{{${inner}}}'.`,
            }
          : { ...rangeOf(pair.key as Node), message: 'a key must be a text, and is a map or a list.' },
      )
    },
  })
  return traps
}

// Of `{{ id }}` what stands between the inner braces.
function tokenIn(key: Node, text: string): string | undefined {
  const { start, end } = rangeOf(key)
  const written = /^\{([^{}]*)\}$/s.exec(text.slice(start, end))?.[1]?.trim()
  return written === '' ? undefined : written
}

function rangeOf(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [0, 1]
  return { start, end }
}

/** A number as the file writes it, when a request would send it in another way: `01234`, `0x1F`, more digits than a double holds. */
export function lostDigits(node: unknown): { readonly written: string; readonly sent: string } | undefined {
  if (!isScalar(node) || node.type !== 'PLAIN') return undefined
  const { value, source } = node
  if (source === undefined || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined
  const sent = String(value)
  const isLost =
    /^[-+]?0\d/.test(source) ||
    /^0[xo]/.test(source) ||
    (typeof value === 'number' && Number.isFinite(value) && significant(source) > significant(sent))
  return isLost ? { written: source, sent } : undefined
}

// Digits without zeros in front, zeros at the end, and exponent.
const significant = (number: string): number =>
  number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '').length
