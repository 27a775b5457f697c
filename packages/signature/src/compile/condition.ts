import type { Run, Value } from '../run/run.ts'
import { decided } from './choice.ts'
import { compileReference } from './reference.ts'
import { entries, fields, type Scope, secretsOf, text, texts } from './scope.ts'

/** A condition, ready to be asked. */
export interface CompiledCondition {
  readonly holds: (run: Run) => boolean
  readonly uses: ReadonlySet<string>
}

/** Compiles a condition. @throws EZ_OPTION_INVALID */
export function compileCondition(scope: Scope, place: string, written: unknown): CompiledCondition {
  const { method, body, type, set, is } = fields(scope, place, written, 'method body type set is')
  const tests: ((run: Run) => boolean)[] = []
  const uses = new Set<string>()
  const reference = (written: string, test: (value: Value) => boolean): void => {
    const piece = compileReference(scope, place, written)
    for (const use of piece.uses) uses.add(use)
    if (secretsOf(piece.leaks).length > 0) scope.fail(place, 'a condition cannot depend on a secret')
    tests.push((run) => test(piece.read(run)))
  }
  const equals = (written: string, given: unknown, change = (one: string): string => one): void => {
    const wanted: readonly Value[] = texts(scope, place, given).map(change)
    reference(written, (value) => wanted.includes(value))
  }
  if (method !== undefined) equals('method', method, (one) => one.toUpperCase())
  if (body !== undefined) {
    const isWanted = scope.among(place, ['present', 'empty'], body) === 'present'
    uses.add('body')
    tests.push(({ source }) => source.body().length > 0 === isWanted)
  }
  if (type !== undefined) {
    const wanted = texts(scope, place, type).map((one) => one.toLowerCase())
    tests.push(({ source }) => wanted.includes(mediaType(source.contentType())))
  }
  if (set !== undefined) {
    const name = text(scope, place, set)
    if (scope.options.get(name)?.kind === 'list') {
      uses.add(`option:${name}`)
      tests.push((run) => (run.options[name]?.length ?? 0) > 0)
    } else reference(name, (value) => value.length > 0)
  }
  for (const [written, wanted] of entries(scope, `${place}.is`, is)) equals(written, wanted)
  if (tests.length === 0) scope.fail(place, 'there is no condition: method, body, type, set or is')
  return { uses, holds: (run) => decided(run, () => tests.every((test) => test(run))) }
}

/** The media type of a content type, without parameters, in lower case. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
