import { type Change, changed, type Other, others } from './change.ts'
import type { Description } from './description.ts'
import { pieceSuspects } from './piece-suspects.ts'
import { keySuspects, referenceSuspects } from './reference-suspects.ts'

type Fields = Readonly<Record<string, unknown>>

const encodings = ['hex', 'HEX', 'base64', 'base64url', 'base64|percent', 'hex|base64', 'base64|replace:%3D:']
const hashes = ['sha256', 'sha1', 'sha512', 'sha384', 'md5']
const times = ['unix', 'unix-ms', 'unix-us', 'iso', 'iso-ms', 'iso-basic', 'http']

/** What else the author of a description may have meant; what is wrong most often stands first. */
export function* suspects(description: Description): Generator<Change, void, undefined> {
  const { signature, stages = {}, lists = {}, time = {} } = description
  const rule = signature as Fields
  const at = (path: readonly (string | number)[], other: Other): Change => changed(description, path, other)
  for (const other of others(rule.as, encodings, (value) => `the signature as ${String(value)}`))
    yield at(['signature', 'as'], other)
  for (const form of ['hmac', 'hash'])
    if (form in rule)
      for (const other of others(rule[form], hashes, (value) => `${form} ${String(value)}`))
        yield at(['signature', form], other)
  for (const other of keySuspects(rule.key)) yield at(['signature', 'key'], other)
  for (const other of operandSuspects(rule.of)) yield at(['signature', 'of'], other)
  for (const [name, written] of Object.entries(time))
    if (typeof written === 'string')
      for (const other of others(written, times, (value) => `the instant as ${String(value)}`))
        yield at(['time', name], other)
  for (const [name, written] of Object.entries(lists))
    for (const [field, other] of listSuspects(written as Fields)) yield at(['lists', name, field], other)
  for (const [name, piece] of Object.entries(stages))
    for (const [path, other] of pieceSuspects(piece)) yield at(['stages', name, ...path], other)
  for (const [path, other] of typeof rule.of === 'object' ? pieceSuspects(rule.of) : [])
    yield at(['signature', 'of', ...path], other)
}

function* operandSuspects(of: unknown): Generator<Other, void, undefined> {
  if (typeof of !== 'string') return
  if (of.includes('{')) {
    for (const [, other] of pieceSuspects(of)) yield other
    return
  }
  yield { value: `{${of}}\n`, say: 'a line feed at the end of what is signed' }
  for (const hash of [
    'sha256|hex',
    'sha256',
    'sha256|base64',
    'md5|hex',
    'sha512|hex',
    'base64',
    'lower',
    'upper',
    'trim',
  ])
    yield { value: `${of}|${hash}`, say: `${hash} of what is signed` }
  yield* referenceSuspects(of)
}

function* listSuspects(list: Fields): Generator<readonly [field: string, other: Other], void, undefined> {
  for (const other of others(list.sort ?? 'encoded', ['encoded', 'decoded', 'none'], (value) =>
    value === 'none'
      ? 'the pairs in the order of the request'
      : `the pairs sorted by the ${String(value)} text`,
  ))
    yield ['sort', other]
  for (const field of ['value', 'name'])
    for (const other of others(
      list[field],
      [undefined, 'percent', 'uri', 'form', 'lower', 'trim', 'trim|collapse'],
      (value) => `${field}s ${value === undefined ? 'as they were read' : `with ${String(value)}`}`,
    ))
      yield [field, other]
  yield [
    'drop',
    {
      value: list.drop === 'empty' ? undefined : 'empty',
      say: list.drop === 'empty' ? 'empty values too' : 'no empty values',
    },
  ]
  for (const other of others(list.read, ['raw', 'percent', 'form'], (value) => `pairs read ${String(value)}`))
    yield ['read', other]
}
