import { type Other, orders, others } from './change.ts'
import { referenceSuspects } from './reference-suspects.ts'

type Fields = Readonly<Record<string, unknown>>
/** What is wrong with a part of a piece: the keys that lead to it, and what it may be. */
export type Suspect = readonly [path: readonly (string | number)[], other: Other]

const separators = ['', '\n', '&', '.', ':', '|', ',', ' ', '\r\n']
const named: Readonly<Record<string, string>> = {
  '': 'nothing',
  '\n': 'a line feed',
  '\r\n': 'CR and LF',
  ' ': 'a space',
}
const between = (separator: unknown): string =>
  `${named[String(separator)] ?? String(separator)} between the pieces`

/** What else a piece may be, and each piece in it. */
export function* pieceSuspects(piece: unknown): Generator<Suspect, void, undefined> {
  if (typeof piece === 'string') {
    for (const other of templateSuspects(piece)) yield [[], other]
    return
  }
  if (Array.isArray(piece)) return yield* ofList([], piece)
  if (typeof piece !== 'object' || piece === null) return
  const fields = piece as Fields
  for (const key of ['lines', 'join', 'over'])
    if (Array.isArray(fields[key])) yield* ofList([key], fields[key])
  if (Array.isArray(fields.lines)) {
    yield [[], { value: { ...fields, lines: [...fields.lines, ''] }, say: 'a line feed at the end' }]
    const { lines, ...rest } = fields
    for (const other of others('\n', separators, between))
      yield [[], { value: { join: lines, with: other.value, ...rest }, say: other.say }]
    if (fields.lines.at(-1) === '')
      yield [['lines'], { value: fields.lines.slice(0, -1), say: 'no line feed at the end' }]
  }
  if ('join' in fields) for (const other of others(fields.with, separators, between)) yield [['with'], other]
  if ('each' in fields) yield* ofEach(fields)
  for (const key of ['then', 'else', 'text', 'of']) if (key in fields) yield* within(key, fields[key])
  if (typeof fields.from === 'object' && 'choose' in fields)
    for (const [name, inner] of Object.entries(fields.from as object))
      for (const [path, other] of pieceSuspects(inner)) yield [['from', name, ...path], other]
  if (typeof fields.as === 'string')
    for (const { value } of referenceSuspects(`x|${fields.as}`))
      if (String(value).startsWith('x|'))
        yield [
          ['as'],
          { value: String(value).slice(2), say: `${String(value).slice(2)} in the place of ${fields.as}` },
        ]
}

function* within(key: string | number, piece: unknown): Generator<Suspect, void, undefined> {
  for (const [path, other] of pieceSuspects(piece)) yield [[key, ...path], other]
}

function* ofList(path: readonly string[], pieces: readonly unknown[]): Generator<Suspect, void, undefined> {
  for (const order of orders(pieces)) yield [path, { value: order, say: 'the pieces in another order' }]
  for (const [index, piece] of pieces.entries()) {
    if (pieces.length > 1)
      yield [path, { value: pieces.toSpliced(index, 1), say: `without the piece ${JSON.stringify(piece)}` }]
    for (const [inner, other] of pieceSuspects(piece)) yield [[...path, index, ...inner], other]
  }
}

function* ofEach(fields: Fields): Generator<Suspect, void, undefined> {
  for (const other of others(
    fields.with ?? '',
    separators,
    (one) => `${named[String(one)] ?? String(one)} between pairs`,
  ))
    yield [['with'], other]
  const writes = [
    '{name}={value}',
    '{name}:{value}',
    '{name}: {value}',
    '{name}{value}',
    '{value}',
    '{name|lower}:{value}',
  ]
  for (const other of others(fields.write, writes, (one) => `each pair as ${String(one)}`))
    yield [['write'], other]
  const { with: separator = '', end = '', ...rest } = fields
  for (const other of ['\n', '&', separator])
    if (other !== '' && other !== end) {
      const say = `${named[String(other)] ?? String(other)} behind each pair, the last one too`
      yield [[], { value: { ...rest, end: other }, say }]
    }
  if (end !== '') {
    const say = `${named[String(end)] ?? String(end)} between pairs, and none behind the last`
    yield [[], { value: { ...rest, with: end }, say }]
  }
}

const parts = (template: string): string[] => template.match(/\\[{\\]|\{[^{}]*\}|[^{\\]+/g) ?? []
const isReference = (part: string): boolean => part.startsWith('{')

/** What else a template may be. */
export function* templateSuspects(template: string): Generator<Other, void, undefined> {
  const all = parts(template)
  const references = all.filter(isReference)
  if (references.length === 0) return
  yield { value: `${template}\n`, say: 'a line feed at the end' }
  if (template.endsWith('\n')) yield { value: template.slice(0, -1), say: 'no line feed at the end' }
  if (references.length > 1) {
    for (const separator of separators)
      if (references.join(separator) !== template)
        yield { value: references.join(separator), say: between(separator) }
    const literals = all.filter((part) => !isReference(part))
    for (const order of orders(references)) {
      const left = [...order]
      const value = all.map((part) => (isReference(part) ? left.shift() : part)).join('')
      yield { value, say: `the pieces in the order ${order.join(' ')}` }
    }
    if (literals.length > 0 && references.join('') !== template)
      yield { value: references.join(''), say: between('') }
    for (const [index, part] of all.entries())
      if (isReference(part)) yield { value: all.toSpliced(index, 1).join(''), say: `without ${part}` }
  }
  for (const [index, part] of all.entries())
    if (isReference(part))
      for (const { value, say } of referenceSuspects(part.slice(1, -1)))
        yield { value: all.with(index, `{${String(value)}}`).join(''), say }
}
