import type { Run } from '../run/run.ts'
import { compileReference } from './reference.ts'
import { fields, type Scope, secretsOf, text, texts } from './scope.ts'

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
  const equals = (reference: string, wanted: readonly string[]): void => {
    const piece = compileReference(scope, place, reference)
    for (const use of piece.uses) uses.add(use)
    if (secretsOf(piece.leaks).length > 0) scope.fail(place, 'a condition cannot depend on a secret')
    tests.push((run) => wanted.includes(piece.read(run) as string))
  }
  if (method !== undefined)
    equals(
      'method',
      texts(scope, place, method).map((one) => one.toUpperCase()),
    )
  if (body !== undefined) {
    if (body !== 'present' && body !== 'empty') scope.fail(place, 'body must be "present" or "empty"')
    uses.add('body')
    tests.push(({ source }) => source.body().length > 0 === (body === 'present'))
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
    } else {
      const piece = compileReference(scope, place, name)
      for (const use of piece.uses) uses.add(use)
      tests.push((run) => piece.read(run).length > 0)
    }
  }
  if (is !== undefined)
    for (const [reference, wanted] of Object.entries(
      fields(scope, place, is, Object.keys(is as object).join(' ')),
    ))
      equals(reference, texts(scope, `${place}.is`, wanted))
  if (tests.length === 0) scope.fail(place, 'there is no condition: method, body, type, set or is')
  return {
    uses,
    holds(run) {
      const all = (): boolean => tests.every((test) => test(run))
      return run.notes ? run.notes.aside(all) : all()
    },
  }
}

/** The media type of a content type, without parameters, in lower case. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
