import type { SignatureDescription } from '../language/description.ts'
import { compileList } from './list.ts'
import { compileOptions } from './options.ts'
import { compilePiece } from './piece.ts'
import { isReserved } from './reference.ts'
import { entries, fields, Scope, text } from './scope.ts'
import { type CompiledSignature, compileSignature } from './signature.ts'
import { compileTime } from './time.ts'
import { type CompiledWrite, checkSecrets, compileWrites, type Place } from './writes.ts'

/** Writes by their place. */
export type Placed = Readonly<Partial<Record<Place, readonly CompiledWrite[]>>>

/** A description, compiled once. */
export interface Program {
  readonly id: string
  readonly scope: Scope
  readonly signature: CompiledSignature
  /** Everything that is written, in order. */
  readonly writes: readonly CompiledWrite[]
  /** Of those, what cannot be signed, because it depends on what is. */
  readonly late: ReadonlySet<CompiledWrite>
  /** What is written to each place: before anything is read, and once the signature is known. */
  readonly early: Placed
  readonly afterwards: Placed
  /** The names of the stages that a trace shows. */
  readonly shown: readonly string[]
}

const known = '$schema id source options time lists stages signature writes receives refusals'
const mostStages = 64
const longest = 1_048_576

/** Which part of the request a write changes. */
const partOf: Readonly<Record<Place, string>> = {
  headers: 'headers',
  cookies: 'headers',
  query: 'query',
  form: 'body',
  json: 'body',
  path: 'path',
  body: 'body',
}

/** Compiles a description. @throws EZ_OPTION_INVALID; its `details.place` leads to what is wrong */
export function compile(description: SignatureDescription): Program {
  const scope = new Scope('signature')
  const shape = fields(scope, 'description', description, known)
  checkSize(scope, description)
  const id = text(scope, 'id', shape.id)
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(id)) scope.fail('id', 'must be lower-case letters, digits and -')
  ;(scope as { id: string }).id = id
  const name = (place: string, one: string): string => {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(one)) scope.fail(place, `"${one}" is no name`)
    if (isReserved(one)) scope.fail(place, `the name "${one}" has a meaning of its own`)
    if (scope.options.has(one) || scope.times.has(one) || scope.stages.has(one))
      scope.fail(place, `the name "${one}" is taken`)
    return one
  }
  for (const [one, rule] of entries(scope, 'options', shape.options))
    scope.options.set(name('options', one), compileOptions(scope, `options.${one}`, rule))
  for (const [one, rule] of entries(scope, 'time', shape.time)) {
    const plus = (rule as { plus?: unknown } | null)?.plus
    scope.times.set(name('time', one), compileTime(scope, `time.${one}`, rule))
    if (plus !== undefined) scope.ends.add(one)
    if (typeof plus === 'string') scope.timeUses.set(one, new Set([`option:${plus.slice(1)}`]))
  }
  const stages = entries(scope, 'stages', shape.stages)
  if (stages.length > mostStages) scope.fail('stages', `there are more than ${mostStages}`)
  for (const [one] of stages) scope.later.add(one)
  for (const [one, rule] of entries(scope, 'lists', shape.lists)) {
    if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(one)) scope.fail('lists', `"${one}" is no name`)
    scope.lists.set(one, compileList(scope, one, rule))
  }
  for (const [one, piece] of stages) {
    const place = `stages.${one}`
    name(place, one)
    scope.stages.set(one, { ...compilePiece(scope, place, piece), index: scope.stages.size })
    scope.later.delete(one)
    noteTeller(scope, one, piece)
  }
  const signature = compileSignature(scope, 'signature', shape.signature)
  if (signature.uses.has('signature')) scope.fail('signature', 'it uses itself')
  const writes = shape.writes === undefined ? [] : compileWrites(scope, 'writes', shape.writes)
  checkSecrets(scope, writes)
  const late = lateOf(writes)
  checkWrites(scope, writes, late, signature)
  const shown = [...scope.stages.keys()].filter(
    (stage) =>
      !scope.keys.has(stage) &&
      ![...scope.keys].some((key) => scope.stages.get(stage)?.leaks.has(`stage:${key}`)),
  )
  const early = placed(writes.filter((write) => !late.has(write)))
  const afterwards = placed(writes.filter((write) => late.has(write)))
  return { id, scope, signature, writes, early, afterwards, late, shown }
}

function placed(writes: readonly CompiledWrite[]): Placed {
  const byPlace: Partial<Record<Place, CompiledWrite[]>> = {}
  for (const write of writes) {
    byPlace[write.to] ??= []
    byPlace[write.to]?.push(write)
  }
  return byPlace
}

function checkSize(scope: Scope, description: unknown): void {
  let size: number
  try {
    size = JSON.stringify(description).length
  } catch {
    scope.fail('description', 'must be data that JSON can hold')
  }
  if (size > longest) scope.fail('description', 'is longer than 1 MiB')
}

/** Notes a stage that tells the names of a list: a verifier reads them from it. */
function noteTeller(scope: Scope, stage: string, piece: unknown): void {
  const { each, write, with: separator = '', end, as } = piece as Record<string, string | undefined>
  if (
    each !== undefined &&
    /^\{name(?:\|lower)?\}$/.test(write ?? '') &&
    !end &&
    as === undefined &&
    separator !== ''
  )
    scope.tellers.set(stage, { list: each, separator })
}

/** What is written and cannot be signed: the signature, and what is made of the very part that it is written to. */
export function lateOf(writes: readonly CompiledWrite[]): Set<CompiledWrite> {
  const late = new Set(writes.filter(({ piece, to }) => piece.uses.has('signature') || to === 'path'))
  for (let before = -1; before !== late.size; ) {
    before = late.size
    const early = writes.filter((one) => !late.has(one))
    const needs = (part: string, seen: Set<string>): Set<string> => {
      for (const { to, piece } of early)
        if (partOf[to] === part)
          for (const use of piece.uses)
            if (!seen.has(use)) {
              seen.add(use)
              needs(use, seen)
            }
      return seen
    }
    for (const one of early) {
      const part = partOf[one.to]
      const all = new Set(one.piece.uses)
      for (const use of one.piece.uses) needs(use, all)
      // A whole body is made of the one that it takes the place of.
      if (all.has(part) || one.to === 'body') late.add(one)
    }
  }
  return late
}

function checkWrites(
  scope: Scope,
  writes: readonly CompiledWrite[],
  late: ReadonlySet<CompiledWrite>,
  signature: CompiledSignature,
): void {
  const signed = [
    ...signature.uses,
    ...writes.filter((one) => !late.has(one)).flatMap(({ piece }) => [...piece.uses]),
  ]
  for (const { to, name, place } of late)
    if (to === 'headers' && signed.includes(`header:${name}`))
      scope.fail(place, `the header ${name} is signed, and written only when the signature is known`)
  if (writes.length > 0 && !writes.some(({ piece }) => piece.uses.has('signature')))
    scope.fail('writes', 'the signature is written nowhere')
  if (writes.some(({ to }) => to === 'path') && signature.uses.has('body'))
    scope.fail(
      'writes.path',
      'the path is written before the body is known; a signature of the body cannot stand there',
    )
}
