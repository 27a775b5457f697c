import type { Run, Source, Value } from '../run/run.ts'
import { absent, unsignable } from '../run/values.ts'
import { atPointer, jsonText } from './json.ts'
import type { Compiled, Scope } from './scope.ts'
import { compileTransform, type Transform } from './transform.ts'

type Read = Compiled['read']

const empty = new Uint8Array()

/** What of a request can be named, and which parts of it that is. */
const sources: Readonly<Record<string, readonly [uses: string, read: (source: Source) => Value]>> = {
  method: ['method', (source) => source.method()],
  scheme: ['scheme', (source) => source.scheme()],
  host: ['host', (source) => source.host()],
  hostname: ['host', (source) => source.hostname()],
  port: ['host', (source) => source.port()],
  origin: ['host', originOf],
  path: ['path', (source) => source.path()],
  query: ['query', (source) => source.query()],
  search: ['query', searchOf],
  target: ['path query', targetOf],
  url: ['host path query', (source) => originOf(source) + targetOf(source)],
  body: ['body', (source) => (source.body().length === 0 ? '' : source.body())],
}

function originOf(source: Source): string {
  return `${source.scheme()}://${source.host()}`
}

function searchOf(source: Source): string {
  const query = source.query()
  return query === '' ? '' : `?${query}`
}

function targetOf(source: Source): string {
  return source.path() + searchOf(source)
}

const selectors: Readonly<
  Record<string, { readonly uses: string; readonly read: (run: Run, argument: string) => string | undefined }>
> = {
  header: { uses: 'headers', read: ({ source }, name) => source.header(name) },
  query: { uses: 'query', read: ({ source }, name) => only(source.queryPairs('percent'), name) },
  form: { uses: 'body', read: ({ source }, name) => only(formOf(source.formPairs('form')), name) },
  json: {
    uses: 'body',
    read({ source }, pointer) {
      const value = atPointer(jsonOf(source.json()), pointer)
      return value === undefined ? undefined : jsonText(value)
    },
  },
}

/** A form's pairs. @throws EZ_BODY_UNSIGNABLE */
export function formOf<Pairs>(pairs: Pairs | undefined): Pairs {
  if (pairs === undefined) throw unsignable('it is no form')
  return pairs
}

/** The parsed body. @throws EZ_BODY_UNSIGNABLE */
export function jsonOf(value: unknown): unknown {
  if (value === undefined) throw unsignable('it is no JSON')
  return value
}

function only(
  pairs: readonly { readonly name: string; readonly value: string }[],
  name: string,
): string | undefined {
  const [first, second] = pairs.filter((pair) => pair.name === name)
  if (second !== undefined) throw unsignable(`the name ${name} stands in it twice`)
  return first?.value
}

/** Names that mean something of the request. */
export const isReserved = (name: string): boolean =>
  Object.hasOwn(sources, name) ||
  Object.hasOwn(selectors, name) ||
  ['nonce', 'signature', 'name', 'value'].includes(name)

/** Compiles what stands between braces: a name, and transforms behind `|`. @throws EZ_OPTION_INVALID */
export function compileReference(scope: Scope, place: string, written: string): Compiled {
  const [name = '', ...transforms] = written.split('|')
  const cut = /^first-bytes:(\d+|\$\w+)$/.exec(transforms[0] ?? '')?.[1]
  if (name === 'body' && cut !== undefined) return firstOfBody(scope, place, cut, transforms)
  return transformed(scope, place, compileName(scope, place, name.trim()), transforms)
}

/** The first bytes of the body: the only part of it that is covered then. */
function firstOfBody(scope: Scope, place: string, cut: string, transforms: readonly string[]): Compiled {
  const body: Compiled = {
    read(run) {
      run.notes?.note(`body:${cut.startsWith('$') ? run.options[cut.slice(1)] : cut}`)
      return run.source.body()
    },
    uses: new Set(['body']),
    leaks: new Set(),
    binary: false,
  }
  return transformed(scope, place, body, transforms)
}

/** A piece with transforms. @throws EZ_OPTION_INVALID */
export function transformed(
  scope: Scope,
  place: string,
  piece: Compiled,
  written: readonly string[],
): Compiled {
  if (written.length === 0) return piece
  if (written.length > 16) scope.fail(place, 'there are more than 16 transforms')
  const transforms = written.map((one) => compileTransform(scope, place, one.trim()))
  let { binary } = piece
  let hides = false
  const uses = new Set(piece.uses)
  for (const { makes, hides: isHidden, option } of transforms) {
    if (makes !== undefined) binary = makes === 'bytes'
    if (isHidden) hides = true
    if (option !== undefined) uses.add(`option:${option}`)
  }
  const steps = transforms.map(({ apply }) => apply)
  const read: Read = (run) => {
    let value = piece.read(run)
    for (let index = 0; index < steps.length; index += 1)
      value = (steps[index] as Transform['apply'])(value, run)
    return value
  }
  return { read, uses, leaks: hides ? new Set() : piece.leaks, binary }
}

function compileName(scope: Scope, place: string, written: string): Compiled {
  const one = (uses: string, read: Read, leaks: readonly string[] = []): Compiled => ({
    read,
    uses: new Set([uses]),
    leaks: new Set(leaks),
    binary: false,
  })
  const selected = /^(header|query|form|json):(.+?)(\?)?$/.exec(written)
  if (selected) {
    const [, kind = '', argument = '', optional] = selected
    if (kind === 'json' && !argument.startsWith('/')) scope.fail(place, 'a JSON pointer begins with /')
    const name = kind === 'header' ? argument.toLowerCase() : argument
    const { uses, read } = selectors[kind] as (typeof selectors)[string]
    const piece = one(uses, (run) => {
      run.notes?.note(`${kind}:${name}`)
      const value = read(run, name)
      if (value === undefined && optional === undefined) throw absent(`the ${kind} ${name}`)
      return value ?? ''
    })
    return kind === 'header' ? { ...piece, uses: new Set([uses, `header:${name}`]) } : piece
  }
  if (scope.inPair && (written === 'name' || written === 'value'))
    return one('pair', (run) => run.item?.[written] ?? '')
  if (Object.hasOwn(sources, written)) {
    const [uses, read] = sources[written] as (typeof sources)[string]
    const parts = uses.split(' ')
    return {
      read(run) {
        if (run.notes) for (const part of parts) run.notes.note(part)
        return read(run.source)
      },
      uses: new Set(parts),
      leaks: new Set(),
      binary: false,
    }
  }
  if (written === 'nonce') return one('nonce', (run) => (run.bound.nonce ??= run.nonce()))
  if (written === 'signature') return one('signature', (run) => run.signature ?? empty)
  const option = scope.options.get(written)
  if (option?.kind === 'list') scope.fail(place, `the option "${written}" is a list; only lists name one`)
  if (option)
    return one(
      `option:${written}`,
      (run) => run.options[written] as string,
      option.kind === 'secret' ? [written] : [],
    )
  const time = scope.times.get(written)
  if (time)
    return {
      ...one(`time:${written}`, (run) => (run.bound[written] ??= time(run))),
      ...(scope.timeUses.get(written) && { uses: scope.timeUses.get(written) as ReadonlySet<string> }),
    }
  const stage = scope.stages.get(written)
  if (stage) {
    const { index, read } = stage
    const compute = (run: Run): Value => (run.stages[index] ??= read(run))
    return {
      read: (run) => (run.notes ? run.notes.stage(index, () => compute(run)) : compute(run)),
      uses: new Set([...stage.uses, `stage:${written}`]),
      leaks: new Set([...stage.leaks, `stage:${written}`]),
      binary: stage.binary,
    }
  }
  if (scope.later.has(written))
    scope.fail(place, `the stage "${written}" comes later; put it before this one`)
  return scope.fail(place, `there is no "${written}"`)
}
