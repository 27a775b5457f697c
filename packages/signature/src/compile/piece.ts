import type { HashName } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { joined } from '../run/values.ts'
import { decided, undecided } from './choice.ts'
import { compileCondition } from './condition.ts'
import { compileChain, compileHkdf, compileHmac } from './mac.ts'
import { compileReference, transformed } from './reference.ts'
import { type Compiled, entries, fields, made, type Scope, text, together } from './scope.ts'
import { compileTemplate, sequence } from './template.ts'
import { hashes } from './transform.ts'

/** What each form may hold beside `as`. */
const forms: Readonly<Record<string, string>> = {
  text: 'text',
  lines: 'lines',
  join: 'join with skip',
  each: 'each write bare empty with end',
  when: 'when then else',
  choose: 'choose from else',
  hmac: 'hmac key of',
  chain: 'chain key over',
  hkdf: 'hkdf key salt info length',
}

/** Compiles a piece. @throws EZ_OPTION_INVALID */
export function compilePiece(scope: Scope, place: string, piece: unknown): Compiled {
  scope.count(place)
  if (typeof piece === 'string') return compileTemplate(scope, place, piece)
  return scope.nested(place, () => {
    if (Array.isArray(piece)) return sequence(all(scope, place, piece), '')
    const form = scope.form(place, forms, piece)
    const shape = fields(scope, place, piece, `${forms[form]} as`)
    const compiled = compileForm(scope, place, form, shape)
    const { as } = shape
    return as === undefined
      ? compiled
      : transformed(scope, place, compiled, text(scope, place, as).split('|'))
  })
}

/** A text that is only a name stands for it: `apiSecret` as well as `{apiSecret}`. @throws EZ_OPTION_INVALID */
export function compileOperand(scope: Scope, place: string, piece: unknown): Compiled {
  if (typeof piece !== 'string' || piece.includes('{')) return compilePiece(scope, place, piece)
  scope.count(place)
  return compileReference(scope, place, piece)
}

function all(scope: Scope, place: string, pieces: unknown): Compiled[] {
  if (!Array.isArray(pieces)) scope.fail(place, 'must be a list of pieces')
  return (pieces as unknown[]).map((piece, index) => compilePiece(scope, `${place}[${index}]`, piece))
}

function compileForm(scope: Scope, place: string, form: string, shape: Record<string, unknown>): Compiled {
  const under = (field: string): string => `${place}.${field}`
  const at = (field: string, value = shape[field]): Compiled => compilePiece(scope, under(field), value)
  const list = (field: string): Compiled[] => all(scope, under(field), shape[field])
  const hash = (): HashName => scope.among(under(form), hashes, shape[form])
  const key = (): Compiled => compileKey(scope, place, shape.key)
  if (form === 'text') return at('text')
  if (form === 'lines') return sequence(list('lines'), '\n')
  if (form === 'join')
    return sequence(list('join'), text(scope, under('with'), shape.with), shape.skip === 'empty')
  if (form === 'each') return compileEach(scope, place, shape)
  const otherwise = (): Compiled[] => (shape.else === undefined ? [] : [at('else')])
  if (form === 'when') {
    const condition = compileCondition(scope, under('when'), shape.when)
    const branches = [at('then'), ...otherwise()]
    return branch(
      branches,
      condition.uses,
      (run) => branches[condition.holds(run) ? 0 : 1] ?? undecided(scope.id, place),
    )
  }
  if (form === 'choose') {
    const by = compileReference(scope, under('choose'), text(scope, under('choose'), shape.choose))
    const branches = new Map(
      entries(scope, under('from'), shape.from).map(([name, piece]) => [name, at(`from.${name}`, piece)]),
    )
    const [other] = otherwise()
    return branch([...branches.values(), ...(other ? [other] : [])], by.uses, (run) => {
      const name = decided(run, () => by.read(run) as string)
      return branches.get(name) ?? other ?? undecided(scope.id, place)
    })
  }
  if (form === 'hmac') return compileHmac(scope, hash(), key(), compileOperand(scope, under('of'), shape.of))
  if (form === 'chain') return compileChain(scope, hash(), key(), list('over'))
  const length = Number(shape.length)
  if (!Number.isSafeInteger(length) || length < 1 || length > 255)
    scope.fail(place, 'length must be a number of bytes from 1 to 255')
  return compileHkdf(hash(), [key(), at('salt', shape.salt ?? ''), at('info', shape.info ?? '')], length)
}

/** Compiles a key, and notes the stages that it is made of: nobody may see them. @throws EZ_OPTION_INVALID */
export function compileKey(scope: Scope, place: string, key: unknown): Compiled {
  const compiled = compileOperand(scope, `${place}.key`, key)
  let hasOption = false
  for (const use of compiled.uses) {
    hasOption ||= use.startsWith('option:')
    const stage = use.startsWith('stage:') ? use.slice(6) : ''
    if ([...(scope.stages.get(stage)?.uses ?? [])].some((one) => isSecret(scope, one))) scope.keys.add(stage)
  }
  if (!hasOption) scope.fail(`${place}.key`, 'the key depends on no option: everybody could sign')
  return compiled
}

/** Whether a use is that of a secret. */
export const isSecret = (scope: Scope, use: string): boolean =>
  use.startsWith('option:') && scope.options.get(use.slice(7))?.kind === 'secret'

function branch(
  branches: readonly Compiled[],
  uses: ReadonlySet<string>,
  choose: (run: Run) => Compiled,
): Compiled {
  const own = made(branches, (run) => choose(run).read(run))
  return { ...own, uses: new Set([...own.uses, ...uses]) }
}

function compileEach(scope: Scope, place: string, shape: Record<string, unknown>): Compiled {
  const name = text(scope, `${place}.each`, shape.each)
  const list = scope.lists.get(name) ?? scope.fail(place, `there is no list "${name}"`)
  const index = [...scope.lists.keys()].indexOf(name)
  const given = (field: string): string => text(scope, `${place}.${field}`, shape[field] ?? '')
  const template = (field: string): Compiled => {
    scope.inPair = true
    const compiled = compileTemplate(scope, `${place}.${field}`, given(field))
    scope.inPair = false
    return compiled
  }
  if (shape.write === undefined) scope.fail(place, 'write is missing')
  const write = template('write')
  const bare = shape.bare === undefined ? write : template('bare')
  const empty = shape.empty === undefined ? write : template('empty')
  const [separator, end] = [given('with'), given('end')]
  const own = made([write, bare, empty], (run) => {
    // What is noted belongs to each reader.
    const pairs = (run.notes ? undefined : run.lists[index]) ?? list.read(run)
    run.lists[index] = pairs
    const values: Value[] = []
    for (const pair of pairs) {
      run.item = pair
      const value = (pair.bare && bare !== write ? bare : pair.value === '' ? empty : write).read(run)
      values.push(end === '' ? value : joined(run, [value, end], ''))
    }
    run.item = undefined
    return joined(run, values, separator)
  })
  return { ...own, ...together([list, own]) }
}
