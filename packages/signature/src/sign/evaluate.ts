import type { Pairs, ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'
import type { Program } from '../compile/program.ts'
import type { Place } from '../compile/writes.ts'
import type { Run, Value } from '../run/run.ts'
import { textOf } from '../run/values.ts'
import { withFields, withMembers } from './body.ts'
import { isKeyPair, signWithKeyPair } from './key-pair.ts'
import { type Early, RequestSource } from './request-source.ts'

/** A request on its way to be signed. */
export interface Evaluation {
  readonly run: Run
  /** What is written to a place: early, or once the signature is known. */
  readonly written: (to: Place, isLate: boolean) => Pairs
}

/** What an evaluation needs beside the request. */
export interface Inputs {
  readonly options: Run['options']
  /** Milliseconds since 1970. */
  readonly now: number
  readonly nonce: () => string
  readonly memo: unknown[]
}

const none: Pairs = []

/** Text that a description may make, in characters beside the body. */
export const longestText = 1_048_576

/** Prepares the evaluation of a description for a request; everything is read when it is needed. */
export function begin(
  { scope, early, afterwards }: Program,
  request: ResolvedRequest,
  inputs: Inputs,
): Evaluation {
  const written = (to: Place, isLate: boolean): Pairs => {
    const pairs: [string, string][] = []
    const writes = (isLate ? afterwards : early)[to]
    if (!writes) return none
    for (const { piece, optional, name } of writes) {
      const value = textOf(piece.read(run))
      if (!optional || value !== '') pairs.push([name, value])
    }
    return pairs
  }
  const added: Early = {
    headers: once(() => written('headers', false)),
    query: once(() => written('query', false)),
    body: (body) => amended(body, () => run.source.contentType(), written, false),
  }
  const body = request.body instanceof Uint8Array ? request.body.length : 0
  const run: Run = {
    source: new RequestSource(request, added),
    ...inputs,
    bound: Object.create(null) as Record<string, string>,
    stages: new Array<Value | undefined>(scope.stages.size),
    lists: [],
    signature: undefined,
    item: undefined,
    limit: longestText + body,
  }
  return { run, written }
}

/** The body with the fields and members that are written to it. */
export function amended(
  body: Uint8Array,
  contentType: () => string | undefined,
  written: Evaluation['written'],
  isLate: boolean,
): Uint8Array {
  const [fields, members] = [written('form', isLate), written('json', isLate)]
  const whole = isLate ? written('body', true)[0]?.[1] : undefined
  let amended = whole === undefined ? body : utf8(whole)
  if (fields.length > 0) amended = withFields(amended, contentType(), fields)
  return members.length > 0 ? withMembers(amended, members) : amended
}

function once<Result>(make: () => Result): () => Result {
  let made: Result | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** Works the signature out; a promise only with a key pair. */
export function signed({ signature }: Program, { run }: Evaluation): undefined | Promise<undefined> {
  const rule = signature.choose(run)
  if (!isKeyPair(rule)) {
    run.signature = textOf(rule.read(run))
    return undefined
  }
  return signWithKeyPair(rule, run).then((bytes) => {
    run.signature = textOf(rule.write(run, bytes))
    return undefined
  })
}
