import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { Job, WireRequest } from '../protocol.ts'
import type { Arguments, Border } from './border.ts'
import { cryptoObject, random } from './crypto.ts'
import { requestObject } from './request.ts'
import type { RequestState } from './request-state.ts'
import type { ScriptedPart, ScriptedParts } from './scripted-parts.ts'
import { changeUrl, parseUrl } from './url-parts.ts'
import { use } from './use.ts'

/** What the globals of one run stand on. */
export interface GlobalsOf {
  readonly job: Job
  readonly state: RequestState
  /** The request in wire form; waits for the host. */
  read(): WireRequest
  /** The value of a variable, or of a `{%name%}`; waits for the host. */
  ask(question: 'variable' | 'runtime', name: string): unknown
}

/** Defines the globals of the sandbox, each made when the script first names it. */
export function defineGlobals(border: Border, parts: ScriptedParts, current: () => GlobalsOf): void {
  const { context } = border
  const made = (part: ScriptedPart, ...given: QuickJSHandle[]): QuickJSHandle => {
    try {
      return context.unwrapResult(context.callFunction(parts.get(part), context.undefined, ...given))
    } finally {
      for (const value of given) value.dispose()
    }
  }
  const realDate = border.hold(context.getProp(context.global, 'Date'))

  border.lazy('request', () => requestObject(border, current().state, current().read))
  border.lazy('context', () => contextObject(border, current()))
  for (const name of ['variables', 'parameters', 'publish'])
    border.lazy(name, () =>
      use(context.getProp(context.global, 'context'), (object) => context.getProp(object, name)),
    )
  border.lazy('crypto', () => cryptoObject(border))
  border.lazy('console', () => consoleObject(border, current()))
  border.lazy('btoa', () => border.function('btoa', (given) => btoa(given.text(0))))
  border.lazy('atob', () => border.function('atob', (given) => atob(given.text(0))))
  border.lazy('Date', () => made('date', realDate.dup(), context.newNumber(current().job.now)))
  border.lazy('TextEncoder', () =>
    made(
      'encoder',
      border.function('encode', (given) => new TextEncoder().encode(given.text(0))),
    ),
  )
  border.lazy('TextDecoder', () => made('decoder', border.function('decode', decode)))
  border.lazy('URLSearchParams', () =>
    made(
      'searchParams',
      border.object({
        pairsOf: (given) => [...new URLSearchParams(given.text(0))],
        textOf: (given) => new URLSearchParams(given.value(0) as [string, string][]).toString(),
      }),
    ),
  )
  border.lazy('URL', () =>
    made(
      'url',
      border.object({
        parse: (given) => parseUrl(given.text(0), given.isMissing(1) ? undefined : given.text(1)),
        change: (given) => changeUrl(given.text(0), given.text(1), given.text(2)),
      }),
    ),
  )
  use(context.getProp(context.global, 'Math'), (math) =>
    use(border.function('random', random), (value) => context.setProp(math, 'random', value)),
  )
}

/** Gives the script a `fetch`. */
export function defineFetch(
  border: Border,
  parts: ScriptedParts,
  send: (given: Arguments) => QuickJSHandle,
  take: (id: number) => Uint8Array,
): void {
  const { context } = border
  border.lazy('fetch', () =>
    use(border.object({ send, take: (given) => take(given.value(0) as number) }), (value) =>
      context.unwrapResult(context.callFunction(parts.get('fetch'), context.undefined, value)),
    ),
  )
}

function contextObject(border: Border, { job, state, ask }: GlobalsOf): QuickJSHandle {
  const { context } = border
  const askVariable = border.function('variable', (given) => ask('variable', given.text(0)))
  const names = border.enter(job.names)
  const known = border.parsed(job.variables)
  const variables = border.hold(border.help('fill', known, names, askVariable))
  for (const handle of [askVariable, names, known]) handle.dispose()
  return border.object({
    variables,
    parameters: border.hold(border.parsed(job.parameters)),
    wanted: border.hold(border.enter(job.wanted)),
    publish: (given) => {
      const json = border.jsonOf(given.at(1))
      if (json === undefined) throw new TypeError('publish: this value has no JSON form')
      state.publish(given.text(0), json)
    },
    log: (given) => state.log(shown(border, given)),
    runtime: (given) => ask('runtime', given.text(0)),
    now: () => context.unwrapResult(context.evalCode('new Date()', 'ez:now')),
    nonce: () => job.nonce,
    ...(job.network ? { fetch: { get: () => context.getProp(context.global, 'fetch') } } : {}),
  })
}

function consoleObject(border: Border, { state }: GlobalsOf): QuickJSHandle {
  const print = (given: Arguments): void => state.log(shown(border, given))
  return border.object({ log: print, info: print, warn: print, error: print, debug: print })
}

/** What `console.log` writes: texts as they are, errors by their message, anything else as JSON. */
function shown(border: Border, given: Arguments): string {
  const { context } = border
  return given.handles
    .map((handle, index) => {
      if (context.typeof(handle) !== 'object')
        return context.typeof(handle) === 'symbol' ? 'Symbol()' : given.text(index)
      const stack = use(context.getProp(handle, 'stack'), (value) => context.typeof(value))
      if (stack === 'string') return given.text(index)
      try {
        return border.jsonOf(handle) ?? given.text(index)
      } catch {
        return given.text(index)
      }
    })
    .join(' ')
}

function decode(given: Arguments): string {
  const [fatal, ignoreBOM] = [given.value(2) === true, given.value(3) === true]
  return new TextDecoder(given.text(1), { fatal, ignoreBOM }).decode(given.data(0) as Uint8Array)
}
