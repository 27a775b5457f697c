import type { Pair, Run, Source, Value } from '../run/run.ts'
import { absent, unsignable } from '../run/values.ts'
import { atPointer, jsonText } from './json.ts'
import type { Compiled, Scope } from './scope.ts'
import { compileTransform } from './transform.ts'

const empty = new Uint8Array()

/** What of a request can be named, and which parts of it that is. */
const sources: Readonly<Record<string, readonly [parts: string, read: (source: Source) => Value]>> = {
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

/** What is found by a name: the part of the request that it is in, and its reader. */
const selectors: Readonly<
  Record<string, readonly [part: string, read: (source: Source, argument: string) => string | undefined]>
> = {
  header: ['headers', (source, name) => source.header(name)],
  query: ['query', (source, name) => only(source.queryPairs('percent'), name)],
  form: ['body', (source, name) => only(formOf(source.formPairs('form')), name)],
  json: [
    'body',
    (source, pointer) => {
      const value = atPointer(source.json(), pointer)
      return value === undefined ? undefined : jsonText(value)
    },
  ],
}

/** A form's pairs. @throws EZ_BODY_UNSIGNABLE */
export function formOf<Pairs>(pairs: Pairs | undefined): Pairs {
  if (pairs === undefined) throw unsignable('it is no form')
  return pairs
}

function only(pairs: readonly Pair[], name: string): string | undefined {
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
  const body = source('body', (run) => {
    run.notes?.note(`body:${cut.startsWith('$') ? run.options[cut.slice(1)] : cut}`)
    return run.source.body()
  })
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
  const uses = new Set(piece.uses)
  for (const { option } of transforms) if (option !== undefined) uses.add(`option:${option}`)
  const makes = transforms.findLast((transform) => transform.makes)?.makes
  return {
    uses,
    leaks: transforms.some(({ hides }) => hides) ? new Set() : piece.leaks,
    binary: makes === undefined ? piece.binary : makes === 'bytes',
    read(run) {
      let value = piece.read(run)
      for (const { apply } of transforms) value = apply(value, run)
      return value
    },
  }
}

/** What is read of a request; its parts are separated by spaces. */
function source(parts: string, read: Compiled['read'], leaks: readonly string[] = []): Compiled {
  return { read, uses: new Set(parts.split(' ')), leaks: new Set(leaks), binary: false }
}

function compileName(scope: Scope, place: string, written: string): Compiled {
  const [, kind = '', argument = '', optional] = /^(header|query|form|json):(.+?)(\?)?$/.exec(written) ?? []
  if (kind !== '') {
    if (kind === 'json' && !argument.startsWith('/')) scope.fail(place, 'a JSON pointer begins with /')
    const name = kind === 'header' ? argument.toLowerCase() : argument
    const [part, find] = selectors[kind] as (typeof selectors)[string]
    return source(kind === 'header' ? `${part} header:${name}` : part, (run) => {
      run.notes?.note(`${kind}:${name}`)
      const value = find(run.source, name)
      if (value === undefined && optional === undefined) throw absent(`the ${kind} ${name}`)
      return value ?? ''
    })
  }
  if (scope.inPair && (written === 'name' || written === 'value'))
    return source('pair', (run) => run.item?.[written] ?? '')
  if (Object.hasOwn(sources, written)) {
    const [parts, find] = sources[written] as (typeof sources)[string]
    return source(parts, (run) => {
      if (run.notes) for (const part of parts.split(' ')) run.notes.note(part)
      return find(run.source)
    })
  }
  if (written === 'nonce') return source(written, (run) => (run.bound[written] ??= run.nonce()))
  if (written === 'signature') return source(written, (run) => run.signature ?? empty)
  const option = scope.options.get(written)
  if (option?.kind === 'list') scope.fail(place, `the option "${written}" is a list; only lists name one`)
  if (option)
    return source(
      `option:${written}`,
      (run) => run.options[written] as string,
      option.kind === 'secret' ? [written] : [],
    )
  const time = scope.times.get(written)
  if (time)
    return source(
      [`time:${written}`, ...(scope.timeUses.get(written) ?? [])].join(' '),
      (run) => (run.bound[written] ??= time(run)),
    )
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
  return scope.fail(
    place,
    scope.later.has(written)
      ? `the stage "${written}" comes later; put it before this one`
      : `there is no "${written}"`,
  )
}
