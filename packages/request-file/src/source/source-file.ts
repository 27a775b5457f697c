import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml'
import { withoutCredentials } from './credentials.ts'
import { type Problem, problemError } from './problem.ts'
import { lostDigits, yamlTraps } from './yaml-traps.ts'

/** Keys and indexes from the root of a document. */
export type Path = readonly (string | number)[]

/**
 * A YAML or JSON file that knows where each of its values stands.
 *
 * @throws EZ_FILE_INVALID when the text is not YAML, holds unknown tags, or an alias that stands inside of what it
 *   repeats
 * @example
 * const source = new SourceFile('orders.yaml', '/requests/orders.yaml', 'method: GET')
 * source.problem(['method'], 'this is refused.').line // 1
 */
export class SourceFile {
  /** As the user named it. */
  readonly name: string
  /** Where it lies, for what is named relative to it. */
  readonly absolute: string
  /** What was read. */
  readonly text: string
  /** The value of the document; integers that a double does not hold are bigints. */
  readonly value: unknown
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(name: string, absolute: string, text: string) {
    this.name = name
    this.absolute = absolute
    this.text = text
    this.#lines = new LineCounter()
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, merge: true })
    const [error] = this.#document.errors
    if (error) throw problemError([this.#at(error.pos[0], error.pos[1], this.#syntaxMessage(error))])
    // A tag of its own would mean something to somebody; here it would be passed over.
    const [warning] = this.#document.warnings
    if (warning) throw problemError([this.#at(warning.pos[0], warning.pos[1], this.#syntaxMessage(warning))])
    const traps = yamlTraps(this.#document, text)
    if (traps.length > 0)
      throw problemError(traps.map(({ start, end, message }) => this.#at(start, end, message)))
    this.#refuseCycles()
    keepLongIntegers(this.#document)
    try {
      this.value = this.#document.toJS({ maxAliasCount: 1000 })
    } catch (cause) {
      throw problemError([this.#at(0, 1, cause instanceof Error ? cause.message : String(cause))])
    }
  }

  /** A problem at a value, at the key `key` in it, or at the nearest value around it. */
  problem(path: Path, message: string, key?: string): Problem {
    const [start, end] = (key === undefined ? undefined : this.#keyRange(path, key)) ?? this.#range(path)
    return this.#at(start, end, message)
  }

  /** A problem at a token in the text of a value, such as `{{name}}`. */
  tokenProblem(path: Path, message: string, name: string): Problem {
    const [start, end] = this.#range(path)
    const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    const found = new RegExp(`\\{[{%]\\s*${escaped}[^}]*\\}`).exec(this.text.slice(start, end))
    if (!found) return this.#at(start, end, message)
    return this.#at(start + found.index, start + found.index + found[0].length, message)
  }

  /** Whether there is a value at the path. */
  has(path: Path): boolean {
    return this.#document.hasIn(path)
  }

  /** The path as the file writes it, when it differs only in case: header names. */
  pathIgnoringCase(path: Path): Path | undefined {
    if (this.has(path)) return path
    const container: unknown = this.#document.getIn(path.slice(0, -1), true)
    if (!isMap(container)) return undefined
    const wanted = String(path.at(-1)).toLowerCase()
    const pair = container.items.find(
      (item) => isScalar(item.key) && String(item.key.value).toLowerCase() === wanted,
    )
    return isScalar(pair?.key) ? [...path.slice(0, -1), String(pair.key.value)] : undefined
  }

  /** Numbers that a request would send in another way than the file writes them, such as 01234. */
  changedNumbers(): Problem[] {
    const found: Problem[] = []
    visit(this.#document, {
      Scalar: (key, node) => {
        const lost = key === 'key' ? undefined : lostDigits(node)
        if (!lost) return
        const [start, end] = node.range ?? [0, 1]
        const { written, sent } = lost
        found.push(
          this.#at(
            start,
            end,
            `${written} is a number here, and is sent as ${sent}. To keep it, write '${written}'.`,
          ),
        )
      },
    })
    return found
  }

  #syntaxMessage({ code, message, pos }: YAMLParseError | YAMLWarning): string {
    if (code === 'TAG_RESOLVE_FAILED') return 'this tag is not known. Write the value without it.'
    if (code === 'MULTIPLE_DOCS')
      return 'a second document starts here. Put several requests under "requests".'
    const what = message.split('\n', 1)[0] as string
    const line = this.text.slice(this.text.lastIndexOf('\n', pos[0] - 1) + 1, pos[1])
    return /(?:^|[:,[-])\s*\{[{%]/.test(line)
      ? `${what}. A value that begins with {{ or {% must stand in quotes.`
      : what
  }

  #refuseCycles(): void {
    visit(this.#document, {
      Alias: (_key, alias, path) => {
        const target = alias.resolve(this.#document)
        if (target === undefined || !path.includes(target)) return
        const [start, end] = alias.range ?? [0, 1]
        throw problemError([this.#at(start, end, `*${alias.source} stands inside of what it repeats.`)])
      },
    })
  }

  #range(path: Path): readonly [number, number] {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return [node.range[0], node.range[1]]
    }
    const range = this.#document.contents?.range
    return range ? [range[0], range[0] + 1] : [0, 1]
  }

  #keyRange(path: Path, key: string): readonly [number, number] | undefined {
    const container: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    if (!isMap(container)) return undefined
    const pair = container.items.find((item) => isScalar(item.key) && item.key.value === key)
    const range = (pair?.key as Node | undefined)?.range
    return range ? [range[0], range[1]] : undefined
  }

  #at(start: number, end: number, message: string): Problem {
    const { line, col } = this.#lines.linePos(Math.min(start, this.text.length))
    const lineStart = this.#lines.lineStarts[line - 1] ?? 0
    const lineEnd = this.#lines.lineStarts[line] ?? this.text.length
    const { excerpt, before } = excerptOf(this.text.slice(lineStart, lineEnd).replace(/\r?\n$/, ''), col - 1)
    return { file: this.name, line, column: col, message, excerpt, before, length: Math.max(1, end - start) }
  }
}

// JavaScript numbers would round them; core writes a bigint as its digits.
function keepLongIntegers(document: Document): void {
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value !== 'number' || Number.isSafeInteger(node.value)) return
      if (node.source !== undefined && /^-?\d+$/.test(node.source)) node.value = BigInt(node.source)
    },
  })
}

const widestLine = 110
const mostBefore = 50

// Of a long line the part around the column: a terminal would break the line, and the mark under it would be lost.
function excerptOf(line: string, column: number): { excerpt: string; before: number } {
  // The name of a credential may stand well before the part that is shown.
  const far = Math.max(0, column - 10_000)
  const safe = withoutCredentials(line.slice(far, column + 10_000))
  if (line.length <= widestLine) return { excerpt: safe, before: column }
  const start = Math.max(0, column - far - mostBefore)
  const shown = safe.slice(start, start + widestLine)
  const cut = far + start > 0 ? '…' : ''
  const more = start + widestLine < safe.length ? '…' : ''
  return { excerpt: `${cut}${shown}${more}`, before: column - far - start + cut.length }
}
