import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { Arguments, Border } from './border.ts'
import { cryptoObject, random } from './crypto.ts'
import type { CurrentRun } from './current-run.ts'
import { requestObject } from './request.ts'
import { scripted } from './scripted.ts'
import { changeUrl, parseUrl } from './url-parts.ts'
import { use } from './use.ts'

/** The functions of the engine that start a run and wait for its end. */
export interface Environment {
  /** Takes what a run is given, as JSON text. */
  readonly begin: QuickJSHandle
  /** Takes the name of a compiled module; a promise of its exports. */
  readonly load: QuickJSHandle
  /** Takes what the evaluation gave, and whether the script is a module; a promise of the end. */
  readonly finish: QuickJSHandle
}

/** Defines the globals of the sandbox; `current` is the run that they serve when a script calls them. */
export function defineGlobals(border: Border, current: () => CurrentRun): Environment {
  const { context } = border
  const made = (part: keyof typeof scripted, given: QuickJSHandle): QuickJSHandle =>
    border.call(context.unwrapResult(context.evalCode(scripted[part], `ez:${part}`)), given)

  border.global(
    'TextEncoder',
    made(
      'encoder',
      border.function('encode', (given) => new TextEncoder().encode(given.text(0))),
    ),
  )
  border.global('TextDecoder', made('decoder', border.function('decode', decode)))
  border.global(
    'URLSearchParams',
    made(
      'searchParams',
      border.object({
        pairsOf: (given) => [...new URLSearchParams(given.text(0))],
        textOf: (given) => new URLSearchParams(given.value(0) as [string, string][]).toString(),
      }),
    ),
  )
  border.global(
    'URL',
    made(
      'url',
      border.object({
        parse: (given) => parseUrl(given.text(0), given.isMissing(1) ? undefined : given.text(1)),
        change: (given) => changeUrl(given.text(0), given.text(1), given.text(2)),
      }),
    ),
  )
  for (const [name, value] of Object.entries({
    crypto: cryptoObject(border),
    console: consoleObject(border, current),
    btoa: border.function('btoa', (given) => btoa(given.text(0))),
    atob: border.function('atob', (given) => atob(given.text(0))),
  }))
    border.global(name, value)
  context.setProp(context.getProp(context.global, 'Math'), 'random', border.function('random', random))
  return environment(border, current, made)
}

function environment(
  border: Border,
  current: () => CurrentRun,
  made: (part: 'environment' | 'fetch', given: QuickJSHandle) => QuickJSHandle,
): Environment {
  const { context } = border
  const request = requestObject(border, current)
  const environment = contextObject(border, current)
  border.global('request', request)
  border.global('context', environment)
  border.global('publish', context.getProp(environment, 'publish'))
  const functions = made(
    'environment',
    border.object({
      RealDate: context.getProp(context.global, 'Date'),
      context: environment,
      request,
      fetch: made(
        'fetch',
        border.object({
          send: (given) => current().send(given),
          take: (given) => current().take(given.value(0) as number),
        }),
      ),
      ask: (given) => current().ask('variable', given.text(0)),
    }),
  )
  const [begin, load, finish] = ['begin', 'load', 'finish'].map((name) => context.getProp(functions, name))
  return { begin, load, finish } as Environment
}

// `now` and what differs from run to run are added by the engine's own code.
function contextObject(border: Border, current: () => CurrentRun): QuickJSHandle {
  return border.object({
    publish: (given) => {
      const json = border.jsonOf(given.at(1))
      if (json === undefined) throw new TypeError('publish: this value has no JSON form')
      current().state.publish(given.text(0), json)
    },
    log: (given) => current().state.log(shown(border, given)),
    runtime: (given) => current().ask('runtime', given.text(0)),
    nonce: () => current().nonce,
  })
}

function consoleObject(border: Border, current: () => CurrentRun): QuickJSHandle {
  const print = (given: Arguments): void => current().state.log(shown(border, given))
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
