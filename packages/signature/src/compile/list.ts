import { EzError } from '@ez/core'
import type { Pair, Reading, Run } from '../run/run.ts'
import { absent, compareBytes, textOf } from '../run/values.ts'
import { grouped, type Item, pairsOf, withoutRepeated } from './list-items.ts'
import { compilePiece } from './piece.ts'
import { transformed } from './reference.ts'
import {
  type Compiled,
  type CompiledList,
  entries,
  fields,
  literal,
  type Scope,
  secretsOf,
  text,
  texts,
  together,
} from './scope.ts'

const known = 'of only except missing required with read name value sort by unique group drop'
const kinds = ['query', 'form', 'form?', 'headers', 'json'] as const

interface Wanted {
  readonly name: string
  readonly isPrefix: boolean
  readonly isOptional: boolean
}

type KeyOf = (text: string) => string

const wantedOf = (written: string): Wanted => {
  const [, name = '', prefix, optional] = /^(.*?)(\*)?(\?)?$/s.exec(written) ?? []
  return { name, isPrefix: prefix !== undefined, isOptional: (prefix ?? optional) !== undefined }
}

const optionIn = (entry: string): string | undefined => /^\{(\w+)\}$/.exec(entry)?.[1]

/** Compiles a list. @throws EZ_OPTION_INVALID */
export function compileList(scope: Scope, name: string, written: unknown): CompiledList {
  const place = `lists.${name}`
  const rule = fields(scope, place, written, known)
  const one = (field: string, ...allowed: readonly string[]): string | undefined =>
    rule[field] === undefined ? allowed[0] : scope.among(`${place}.${field}`, allowed, rule[field])
  const all = (field: string): readonly string[] | undefined =>
    rule[field] === undefined ? undefined : texts(scope, `${place}.${field}`, rule[field])
  const of = texts(scope, `${place}.of`, rule.of).map((source) => scope.among(`${place}.of`, kinds, source))
  const isHeaders = of.includes('headers')
  if (isHeaders && of.length > 1) scope.fail(place, 'headers stand in a list of their own')
  const keyOf: KeyOf = (text) => (isHeaders ? text.toLowerCase() : text)
  const only = all('only')
  const uses = new Set<string>(
    of.map((source) => (source === 'headers' || source === 'query' ? source : 'body')),
  )
  for (const entry of only ?? []) {
    const option = optionIn(entry)
    if (option === undefined) {
      if (isHeaders) uses.add(`header:${entry.toLowerCase()}`)
    } else if (scope.options.get(option)?.kind === 'list') uses.add(`option:${option}`)
    else scope.fail(`${place}.only`, `there is no option "${option}" of the kind list`)
  }
  const except = (all('except') ?? []).map(wantedOf)
  const required = (all('required') ?? []).map(keyOf)
  const missing = one('missing', 'refuse', 'skip', 'empty')
  const sort = one('sort', 'encoded', 'decoded', 'none')
  const isByName = one('by', 'pair', 'name') === 'name'
  const drop = one('drop', '', 'empty')
  const reading = (rule.read && one('read', 'percent', 'form', 'raw')) as Reading | undefined
  const { unique = false, group } = rule
  if (typeof unique !== 'boolean') scope.fail(`${place}.unique`, 'must be true or false')
  if (group !== undefined) text(scope, `${place}.group`, group)
  let current = ''
  const change = (field: 'name' | 'value'): ((text: string, run: Run) => string) => {
    if (rule[field] === undefined) return (text) => text
    const start: Compiled = { ...literal(''), read: () => current }
    const piece = transformed(scope, `${place}.${field}`, start, text(scope, place, rule[field]).split('|'))
    return (text, run) => {
      current = text
      return textOf(piece.read(run))
    }
  }
  const [changeName, changeValue] = [change('name'), change('value')]
  const computed = entries(scope, `${place}.with`, rule.with).map(([name, template]) => ({
    name,
    piece: compilePiece(scope, `${place}.with.${name}`, template),
  }))
  // The host is a header of every request, and fetch writes it.
  if (isHeaders && !computed.some(({ name }) => keyOf(name) === 'host'))
    computed.push({ name: 'host', piece: compilePiece(scope, place, '{host}') })
  const own = together(computed.map(({ piece }) => piece))
  for (const use of own.uses) uses.add(use)
  if (secretsOf(own.leaks).length > 0) scope.fail(place, 'a list cannot hold a secret')

  const read = (run: Run): readonly Pair[] => {
    const told = run.named?.[name]
    const patterns = (told ?? only?.flatMap((entry) => valuesOf(run, entry)))?.map((entry) =>
      told ? { name: entry, isPrefix: false, isOptional: false } : wantedOf(entry),
    )
    const items = [
      ...computed.map(
        ({ name, piece }): Item => ({
          ...{ name, value: '', bare: false, key: keyOf(name), part: '' },
          compute: (now) => textOf(piece.read(now)),
        }),
      ),
      ...of.flatMap((source) => pairsOf(run, source, reading)),
    ]
    const chosen = choose(
      isHeaders ? withoutRepeated(items, ({ key }) => key) : items,
      patterns,
      keyOf,
      missing,
    ).filter(({ key }) => !except.some((one) => matches(one, key, keyOf)))
    const keys = new Set(chosen.map(({ key }) => key))
    for (const key of required) if (!keys.has(key)) throw absent(key)
    if (told) checkTold(items, keys, only ?? [], keyOf)
    if (!patterns && except.length === 0 && !drop) noteWhole(run, of)
    for (const { part, compute, key } of chosen) {
      if (part !== '') run.notes?.note(part)
      if (compute && isHeaders) run.notes?.note(`header:${key}`)
    }
    let pairs = chosen.map((item) => ({
      before: item,
      name: changeName(item.name, run),
      value: changeValue(item.compute?.(run) ?? item.value, run),
      bare: item.bare,
    }))
    if (drop) pairs = pairs.filter(({ value }) => value !== '')
    if (sort !== 'none')
      pairs.sort((left, right) => {
        const [a, b] = sort === 'encoded' ? [left, right] : [left.before, right.before]
        return compareBytes(a.name, b.name) || (isByName ? 0 : compareBytes(a.value, b.value))
      })
    if (unique) pairs = withoutRepeated(pairs, ({ name, value }) => JSON.stringify([name, value]))
    return group === undefined ? pairs : grouped(pairs, group as string)
  }
  return { uses, leaks: new Set(), read }
}

function valuesOf(run: Run, entry: string): readonly string[] {
  const option = optionIn(entry)
  return option === undefined ? [entry] : (run.options[option] as readonly string[])
}

/** What the scheme signs wherever it is must be among the names that a sender tells. @throws EZ_HEADER_UNSIGNED */
function checkTold(
  all: readonly Item[],
  told: ReadonlySet<string>,
  only: readonly string[],
  keyOf: KeyOf,
): void {
  for (const entry of only) {
    if (optionIn(entry) !== undefined) continue
    const wanted = wantedOf(entry)
    const here = all.flatMap(({ key, compute }) => (!compute && matches(wanted, key, keyOf) ? [key] : []))
    const missing = [...(wanted.isOptional ? [] : [keyOf(wanted.name)]), ...here].find(
      (key) => !told.has(key),
    )
    if (missing !== undefined)
      throw new EzError('EZ_HEADER_UNSIGNED', `signature: ${missing} must be signed, and is not.`)
  }
}

const matches = ({ name, isPrefix }: Wanted, key: string, keyOf: KeyOf): boolean =>
  isPrefix ? key.startsWith(keyOf(name)) : key === keyOf(name)

function choose(
  all: readonly Item[],
  patterns: readonly Wanted[] | undefined,
  keyOf: KeyOf,
  missing: string | undefined,
): readonly Item[] {
  if (!patterns) return all
  const byKey = new Map<string, Item[]>()
  for (const one of all) {
    const same = byKey.get(one.key)
    if (same) same.push(one)
    else byKey.set(one.key, [one])
  }
  const chosen: Item[] = []
  for (const wanted of patterns) {
    const { name, isPrefix } = wanted
    const keys = isPrefix ? [...byKey.keys()].filter((key) => matches(wanted, key, keyOf)) : [keyOf(name)]
    const found = keys.flatMap((key) => byKey.get(key) ?? [])
    // Each once.
    for (const key of keys) byKey.delete(key)
    // Spelled as it is listed.
    for (const one of found) chosen.push(isPrefix ? one : { ...one, name })
    if (found.length > 0 || wanted.isOptional || missing === 'skip') continue
    if (missing === 'refuse') throw absent(name)
    chosen.push({ name, value: '', bare: false, key: keyOf(name), part: '' })
  }
  return chosen
}

function noteWhole({ notes, source }: Run, of: readonly string[]): void {
  for (const kind of of)
    if (kind === 'query') notes?.note(kind)
    else if (kind !== 'headers' && (kind !== 'form?' || source.formPairs('form'))) notes?.note('body')
}
