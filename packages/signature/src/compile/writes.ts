import type { Placements, Written } from '../language/piece.ts'
import { textOf } from '../run/values.ts'
import { type Compiled, entries, fields, type Scope, secretsOf, text, together } from './scope.ts'
import { compileTemplate, sequence } from './template.ts'

/** Where something is written. */
export type Place = 'headers' | 'query' | 'cookies' | 'form' | 'json' | 'path' | 'body'

/** One thing that is written. */
export interface CompiledWrite {
  readonly to: Place
  /** Of headers in lower case; empty for path and body. */
  readonly name: string
  /** Left out when it is empty. */
  readonly optional: boolean
  readonly piece: Compiled
  /** As described. */
  readonly written: Written
  /** Where it stands in the description. */
  readonly place: string
  /** Of a path: the number of the segment. */
  readonly at: number
}

const headerName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/

/** Compiles what is written. @throws EZ_OPTION_INVALID */
export function compileWrites(scope: Scope, where: string, written: unknown): CompiledWrite[] {
  const shape = fields(scope, where, written, 'headers query cookies form json path body') as Placements
  const writes: CompiledWrite[] = []
  const add = (to: Place, key: string, value: unknown, place: string, at = 0): void => {
    const optional = key.endsWith('?')
    const bare = optional ? key.slice(0, -1) : key
    const name = to === 'headers' ? bare.toLowerCase() : bare
    if (to === 'headers' && !headerName.test(name)) scope.fail(place, `"${bare}" is no header name`)
    if (to === 'json' && !/^\/./.test(name)) scope.fail(place, 'a JSON pointer begins with /')
    if (writes.some((one) => one.to === to && one.name === name)) scope.fail(place, 'it is written twice')
    const piece = compileWritten(scope, place, value, to === 'headers')
    if (piece.binary) scope.fail(place, 'bytes are written; add hex, base64 or text')
    writes.push({ to, name, optional, piece, written: value as Written, place, at })
  }
  for (const to of ['headers', 'query', 'cookies', 'form', 'json'] as const)
    for (const [key, value] of entries(scope, `${where}.${to}`, shape[to]))
      add(to, key, value, `${where}.${to}.${key}`)
  if (shape.path !== undefined) {
    const { at, write } = fields(scope, `${where}.path`, shape.path, 'at write')
    if (!Number.isSafeInteger(at)) scope.fail(`${where}.path`, 'at must be a whole number')
    add('path', '', write, `${where}.path`, at as number)
  }
  if (shape.body !== undefined) add('body', '', shape.body, `${where}.body`)
  return writes
}

/** The pieces of what is written, as one. @throws EZ_OPTION_INVALID */
function compileWritten(scope: Scope, place: string, written: unknown, isHeader: boolean): Compiled {
  if (typeof written === 'string') return compileTemplate(scope, place, written)
  const shape = isHeader
    ? fields(scope, place, written, 'prefix pairs with assign quote list basic')
    : scope.fail(place, 'must be a text')
  if (shape.pairs !== undefined) return compilePairs(scope, place, shape)
  if (shape.list !== undefined) {
    text(scope, `${place}.with`, shape.with)
    return compileTemplate(scope, place, text(scope, `${place}.list`, shape.list))
  }
  if (!Array.isArray(shape.basic) || shape.basic.length !== 2)
    scope.fail(place, 'basic is a user and a password')
  const [user, password] = (shape.basic as unknown[]).map((one) =>
    compileTemplate(scope, place, text(scope, place, one)),
  )
  const both = sequence([user as Compiled, compileTemplate(scope, place, ':'), password as Compiled], '')
  return { ...both, binary: false, read: (run) => `Basic ${btoa(textOf(both.read(run)))}` }
}

function compilePairs(scope: Scope, place: string, shape: Record<string, unknown>): Compiled {
  const part = (field: string, fallback: string): string =>
    text(scope, `${place}.${field}`, shape[field] ?? fallback)
  const [prefix, separator, assign] = [part('prefix', ''), part('with', ', '), part('assign', '=')]
  const quote = shape.quote === true ? '"' : ''
  const pairs = entries(scope, `${place}.pairs`, shape.pairs).map(([key, value]) => ({
    name: key.replace(/\?$/, ''),
    isOptional: key.endsWith('?'),
    piece: compileTemplate(scope, `${place}.pairs.${key}`, text(scope, `${place}.pairs.${key}`, value)),
  }))
  const pieces = pairs.map(({ piece }) => piece)
  return {
    ...together(pieces),
    binary: pieces.some(({ binary }) => binary),
    read(run) {
      let result = ''
      for (const { name, isOptional, piece } of pairs) {
        const value = textOf(piece.read(run))
        if (isOptional && value === '') continue
        result += `${result === '' ? prefix : separator}${name}${assign}${quote}${value}${quote}`
      }
      return result
    },
  }
}

/** Refuses what would send a secret, or a key. @throws EZ_OPTION_INVALID */
export function checkSecrets(scope: Scope, writes: readonly CompiledWrite[]): void {
  for (const { piece, place } of writes) {
    const [secret] = secretsOf(piece.leaks)
    if (secret !== undefined) scope.fail(place, `the secret "${secret}" would be sent`)
    const key = [...scope.keys].find((stage) => piece.leaks.has(`stage:${stage}`))
    if (key !== undefined) scope.fail(place, `the stage "${key}" is a key, and would be sent`)
  }
}
