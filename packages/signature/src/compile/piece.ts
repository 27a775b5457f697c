import type { HashName } from '../language/piece.ts'
import type { Run, Value } from '../run/run.ts'
import { joined } from '../run/values.ts'
import { undecided } from './choice.ts'
import { compileCondition } from './condition.ts'
import { compileChain, compileHkdf, compileHmac } from './mac.ts'
import { compileReference, transformed } from './reference.ts'
import { type Compiled, entries, fields, type Scope, text, together } from './scope.ts'
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
    const form = Object.keys(forms).find(
      (name) => typeof piece === 'object' && piece !== null && name in piece,
    )
    if (form === undefined)
      scope.fail(place, `a piece is a text, a list of pieces, or has one of ${Object.keys(forms).join(', ')}`)
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
  const at = (field: string): Compiled => compilePiece(scope, `${place}.${field}`, shape[field])
  const hashName = (): HashName => {
    const name = shape[form] as HashName
    if (!Object.hasOwn(hashes, name))
      scope.fail(place, `${form} must be one of ${Object.keys(hashes).join(', ')}`)
    return name
  }
  const key = (): Compiled => compileKey(scope, place, shape.key)
  if (form === 'text') return at('text')
  if (form === 'lines') return sequence(all(scope, `${place}.lines`, shape.lines), '\n')
  if (form === 'join')
    return sequence(
      all(scope, `${place}.join`, shape.join),
      text(scope, `${place}.with`, shape.with),
      shape.skip === 'empty',
    )
  if (form === 'each') return compileEach(scope, place, shape)
  if (form === 'when') {
    const condition = compileCondition(scope, `${place}.when`, shape.when)
    const branches = [at('then'), ...(shape.else === undefined ? [] : [at('else')])]
    return branch(
      branches,
      condition.uses,
      (run) => branches[condition.holds(run) ? 0 : 1] ?? undecided(scope.id, place),
    )
  }
  if (form === 'choose') return compileChoice(scope, place, shape)
  if (form === 'hmac')
    return compileHmac(scope, hashName(), key(), compileOperand(scope, `${place}.of`, shape.of))
  if (form === 'chain') return compileChain(scope, hashName(), key(), all(scope, `${place}.over`, shape.over))
  const part = (field: string): Compiled => compilePiece(scope, `${place}.${field}`, shape[field] ?? '')
  const length = Number(shape.length)
  if (!Number.isSafeInteger(length) || length < 1 || length > 255)
    scope.fail(place, 'length must be a number of bytes from 1 to 255')
  return compileHkdf(hashName(), [key(), part('salt'), part('info')], length)
}

/** Compiles a key, and notes the stages that it is made of: nobody may see them. @throws EZ_OPTION_INVALID */
export function compileKey(scope: Scope, place: string, key: unknown): Compiled {
  const compiled = compileOperand(scope, `${place}.key`, key)
  for (const use of compiled.uses) {
    const stage = use.startsWith('stage:') ? use.slice(6) : ''
    if ([...(scope.stages.get(stage)?.uses ?? [])].some((one) => isSecret(scope, one))) scope.keys.add(stage)
  }
  if (![...compiled.uses].some((use) => use.startsWith('option:')))
    scope.fail(`${place}.key`, 'the key depends on no option: everybody could sign')
  return compiled
}

const isSecret = (scope: Scope, use: string): boolean =>
  use.startsWith('option:') && scope.options.get(use.slice(7))?.kind === 'secret'

function branch(
  branches: readonly Compiled[],
  uses: ReadonlySet<string>,
  choose: (run: Run) => Compiled,
): Compiled {
  const own = together(branches)
  for (const use of uses) own.uses.add(use)
  return { ...own, binary: branches.some(({ binary }) => binary), read: (run) => choose(run).read(run) }
}

function compileChoice(scope: Scope, place: string, shape: Record<string, unknown>): Compiled {
  const by = compileReference(scope, `${place}.choose`, text(scope, `${place}.choose`, shape.choose))
  const branches = new Map(
    entries(scope, `${place}.from`, shape.from).map(([name, piece]) => [
      name,
      compilePiece(scope, `${place}.from.${name}`, piece),
    ]),
  )
  const otherwise = shape.else === undefined ? undefined : compilePiece(scope, `${place}.else`, shape.else)
  return branch([...branches.values(), ...(otherwise ? [otherwise] : [])], by.uses, (run) => {
    const name = (): string => by.read(run) as string
    return branches.get(run.notes ? run.notes.aside(name) : name()) ?? otherwise ?? undecided(scope.id, place)
  })
}

function compileEach(scope: Scope, place: string, shape: Record<string, unknown>): Compiled {
  const name = text(scope, `${place}.each`, shape.each)
  const list = scope.lists.get(name) ?? scope.fail(place, `there is no list "${name}"`)
  const index = [...scope.lists.keys()].indexOf(name)
  const template = (field: string): Compiled => {
    scope.inPair = true
    const compiled = compileTemplate(
      scope,
      `${place}.${field}`,
      text(scope, `${place}.${field}`, shape[field]),
    )
    scope.inPair = false
    return compiled
  }
  const write = template('write')
  const bare = shape.bare === undefined ? undefined : template('bare')
  const empty = shape.empty === undefined ? undefined : template('empty')
  const separator = shape.with === undefined ? '' : text(scope, `${place}.with`, shape.with)
  const end = shape.end === undefined ? '' : text(scope, `${place}.end`, shape.end)
  const pieces = [write, ...(bare ? [bare] : []), ...(empty ? [empty] : [])]
  return {
    ...together([list, ...pieces]),
    binary: pieces.some(({ binary }) => binary),
    read(run) {
      // What is noted belongs to each reader.
      const pairs = (run.notes ? undefined : run.lists[index]) ?? list.read(run)
      run.lists[index] = pairs
      const values: Value[] = []
      for (const pair of pairs) {
        run.item = pair
        const piece = (pair.bare ? bare : undefined) ?? (pair.value === '' ? empty : undefined) ?? write
        const value = piece.read(run)
        values.push(end === '' ? value : joined(run, [value, end], ''))
      }
      run.item = undefined
      return joined(run, values, separator)
    },
  }
}
