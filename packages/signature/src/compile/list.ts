import { EzError } from '@ez/core'
import type { PairSource } from '../language/description.ts'
import type { Pair, Reading, Run } from '../run/run.ts'
import { absent, compareBytes, textOf, unsignable } from '../run/values.ts'
import { jsonText } from './json.ts'
import { grouped, withoutRepeated } from './list-items.ts'
import { compilePiece } from './piece.ts'
import { formOf, jsonOf, transformed } from './reference.ts'
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
import { compileTemplate } from './template.ts'

const known = 'of only except missing required with read name value sort by unique group drop'
const kinds = ['query', 'form', 'form?', 'headers', 'json']

interface Wanted {
  readonly name: string
  readonly isPrefix: boolean
  readonly isOptional: boolean
}

interface Read {
  readonly pair: Pair
  /** What is chosen by: in lower case for headers. */
  readonly key: string
  /** Of a computed pair: gives its value. */
  readonly compute?: (run: Run) => string
  readonly part: string
}

const wantedOf = (written: string): Wanted => {
  const isOptional = written.endsWith('?')
  const name = isOptional ? written.slice(0, -1) : written
  const isPrefix = name.endsWith('*')
  return { name: isPrefix ? name.slice(0, -1) : name, isPrefix, isOptional: isOptional || isPrefix }
}

/** Compiles a list. @throws EZ_OPTION_INVALID */
export function compileList(scope: Scope, name: string, written: unknown): CompiledList {
  const place = `lists.${name}`
  const rule = fields(scope, place, written, known)
  const one = (field: string, allowed: readonly unknown[]): unknown => {
    if (!allowed.includes(rule[field]))
      scope.fail(place, `${field} must be one of ${allowed.filter(Boolean).join(', ')}`)
    return rule[field] ?? allowed[0]
  }
  const of = texts(scope, `${place}.of`, rule.of) as readonly PairSource[]
  for (const source of of)
    if (!kinds.includes(source)) scope.fail(place, `of must be one of ${kinds.join(', ')}`)
  const isHeaders = of.includes('headers')
  if (isHeaders && of.length > 1) scope.fail(place, 'headers stand in a list of their own')
  const keyOf = isHeaders ? (text: string): string => text.toLowerCase() : (text: string): string => text
  const only = rule.only === undefined ? undefined : texts(scope, `${place}.only`, rule.only)
  const uses = new Set<string>(
    of.map((source) => (isHeaders ? source : source === 'query' ? 'query' : 'body')),
  )
  for (const entry of only ?? []) {
    const option = /^\{(\w+)\}$/.exec(entry)?.[1]
    if (option === undefined) {
      if (isHeaders) uses.add(`header:${entry.toLowerCase()}`)
    } else if (scope.options.get(option)?.kind === 'list') uses.add(`option:${option}`)
    else scope.fail(`${place}.only`, `there is no option "${option}" of the kind list`)
  }
  const except = (rule.except === undefined ? [] : texts(scope, `${place}.except`, rule.except)).map(wantedOf)
  const required = (rule.required === undefined ? [] : texts(scope, `${place}.required`, rule.required)).map(
    keyOf,
  )
  const missing = one('missing', [undefined, 'refuse', 'skip', 'empty']) ?? 'refuse'
  const sort = one('sort', [undefined, 'encoded', 'decoded', 'none']) ?? 'encoded'
  const byName = one('by', [undefined, 'pair', 'name']) === 'name'
  const unique = one('unique', [undefined, true, false]) === true
  const dropEmpty = one('drop', [undefined, 'empty']) === 'empty'
  const reading = one('read', [undefined, 'percent', 'form', 'raw']) as Reading | undefined
  const group = rule.group === undefined ? undefined : text(scope, `${place}.group`, rule.group)
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
  const computed = entries(scope, `${place}.with`, rule.with).map(([key, template]) => ({
    key,
    piece: compilePiece(scope, `${place}.with.${key}`, template),
  }))
  // The host is a header of every request, and fetch writes it.
  if (isHeaders && !computed.some(({ key }) => key.toLowerCase() === 'host'))
    computed.push({ key: 'host', piece: compileTemplate(scope, place, '{host}') })
  const pieces = computed.map(({ piece }) => piece)
  const own = together(pieces)
  for (const use of own.uses) uses.add(use)
  if (secretsOf(own.leaks).length > 0) scope.fail(place, 'a list cannot hold a secret')

  const read = (run: Run): readonly Pair[] => {
    const told = run.named?.[name]
    const patterns = (told ?? only?.flatMap((entry) => optionOf(run, entry) ?? [entry]))?.map((entry) =>
      told ? { name: entry, isPrefix: false, isOptional: false } : wantedOf(entry),
    )
    const all = computed
      .map(
        ({ key, piece }): Read => ({
          pair: { name: key, value: '', bare: false },
          key: keyOf(key),
          part: '',
          compute: (now) => textOf(piece.read(now)),
        }),
      )
      .concat(of.flatMap((source) => pairsOf(run, source, reading)))
    const chosen = choose(
      isHeaders ? withoutRepeated(all, ({ key }) => key) : all,
      patterns,
      keyOf,
      missing,
    ).filter(({ key }) => !except.some((one) => matches(one, key, keyOf)))
    const keys = new Set(chosen.map(({ key }) => key))
    for (const key of required)
      if (!keys.has(key)) throw absent(`${isHeaders ? 'the header' : 'the name'} ${key}`)
    if (told) checkTold(all, keys, only ?? [], keyOf)
    const isWhole = patterns === undefined && except.length === 0 && !dropEmpty
    if (run.notes) noteParts(run, chosen, of, isWhole)
    let pairs = chosen.map(({ pair, compute }) => ({
      before: pair,
      name: changeName(pair.name, run),
      value: changeValue(compute ? compute(run) : pair.value, run),
      bare: pair.bare,
    }))
    if (dropEmpty) pairs = pairs.filter(({ value }) => value !== '')
    if (sort !== 'none') {
      const from = (pair: (typeof pairs)[number]): Pair => (sort === 'encoded' ? pair : pair.before)
      pairs.sort((left, right) => {
        const [a, b] = [from(left), from(right)]
        return compareBytes(a.name, b.name) || (byName ? 0 : compareBytes(a.value, b.value))
      })
    }
    if (unique) pairs = withoutRepeated(pairs, ({ name, value }) => JSON.stringify([name, value]))
    return group === undefined ? pairs : grouped(pairs, group)
  }
  return { uses, leaks: new Set(), read }
}

function optionOf(run: Run, entry: string): readonly string[] | undefined {
  const option = /^\{(\w+)\}$/.exec(entry)?.[1]
  return option === undefined ? undefined : (run.options[option] as readonly string[])
}

/** What the scheme signs wherever it is must be among the names that a sender tells. @throws EZ_HEADER_UNSIGNED */
function checkTold(
  all: readonly Read[],
  told: ReadonlySet<string>,
  only: readonly string[],
  keyOf: (text: string) => string,
): void {
  for (const wanted of only.filter((entry) => !entry.startsWith('{')).map(wantedOf)) {
    const here = all
      .filter(({ key, compute }) => !compute && matches(wanted, key, keyOf))
      .map(({ key }) => key)
    const needed = wanted.isOptional ? here : [keyOf(wanted.name), ...here]
    const missing = needed.find((key) => !told.has(key))
    if (missing !== undefined)
      throw new EzError('EZ_HEADER_UNSIGNED', `signature: ${missing} must be signed, and is not.`)
  }
}

const matches = ({ name, isPrefix }: Wanted, key: string, keyOf: (text: string) => string): boolean =>
  isPrefix ? key.startsWith(keyOf(name)) : key === keyOf(name)

function choose(
  all: readonly Read[],
  patterns: readonly Wanted[] | undefined,
  keyOf: (text: string) => string,
  missing: unknown,
): readonly Read[] {
  if (!patterns) return all
  const byKey = new Map<string, Read[]>()
  for (const one of all) {
    const same = byKey.get(one.key)
    if (same) same.push(one)
    else byKey.set(one.key, [one])
  }
  const chosen: Read[] = []
  for (const wanted of patterns) {
    const keys = wanted.isPrefix
      ? [...byKey.keys()].filter((key) => matches(wanted, key, keyOf))
      : [keyOf(wanted.name)]
    const found = keys.flatMap((key) => byKey.get(key) ?? [])
    // Each once.
    for (const key of keys) byKey.delete(key)
    // Spelled as it is listed.
    for (const one of found)
      chosen.push(wanted.isPrefix ? one : { ...one, pair: { ...one.pair, name: wanted.name } })
    if (found.length > 0 || wanted.isOptional || missing === 'skip') continue
    if (missing === 'refuse') throw absent(wanted.name)
    const pair = { name: wanted.name, value: '', bare: false }
    chosen.push({ pair, key: keyOf(wanted.name), part: '' })
  }
  return chosen
}

function pairsOf(run: Run, source: PairSource, reading: Reading | undefined): Read[] {
  const withPart = (kind: string, pairs: readonly Pair[]): Read[] =>
    pairs.map((pair) => ({ pair, key: pair.name, part: `${kind}:${pair.name}` }))
  if (source === 'query') return withPart('query', run.source.queryPairs(reading ?? 'percent'))
  if (source === 'form') return withPart('form', formOf(run.source.formPairs(reading ?? 'form')))
  if (source === 'form?') return withPart('form', run.source.formPairs(reading ?? 'form') ?? [])
  if (source === 'headers')
    return run.source
      .headers()
      .map(([name, value]) => ({ pair: { name, value, bare: false }, key: name, part: `header:${name}` }))
  const value = jsonOf(run.source.json())
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unsignable('it is no JSON object')
  const members = Object.entries(value).map(([name, member]) => ({
    name,
    value: jsonText(member),
    bare: false,
  }))
  return withPart('json', members)
}

function noteParts(run: Run, chosen: readonly Read[], of: readonly PairSource[], isWhole: boolean): void {
  const { notes } = run
  if (isWhole)
    for (const source of of)
      if (source === 'query') notes?.note('query')
      else if (source !== 'headers' && !(source === 'form?' && run.source.formPairs('form') === undefined))
        notes?.note('body')
  for (const { part, compute, key } of chosen) {
    if (part !== '') notes?.note(part)
    if (compute && of.includes('headers')) notes?.note(`header:${key}`)
  }
}
