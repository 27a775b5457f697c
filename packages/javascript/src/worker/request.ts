import type { BodyTemplate, MultipartPart } from '@ez/core'
import type { QuickJSHandle } from 'quickjs-emscripten-core'
import type { ListName, WireRequest } from '../protocol.ts'
import type { Border } from './border.ts'
import type { CurrentRun } from './current-run.ts'
import type { RequestState } from './request-state.ts'
import { use } from './use.ts'

/** The sandbox's `request`. */
export function requestObject(border: Border, current: () => CurrentRun): QuickJSHandle {
  const state = (): RequestState => current().state
  const read = (): WireRequest => current().read()
  const bytes = (): Uint8Array => read().body ?? new Uint8Array(0)
  const text = (): string => new TextDecoder().decode(bytes())
  return border.object({
    method: { get: () => state().method, set: (given) => state().setMethod(given.text(0)) },
    url: { get: () => state().url, set: (given) => state().setUrl(given.text(0)) },
    query: pairList(border, state, 'query'),
    headers: pairList(border, state, 'headers'),
    body: border.object({ bytes, text, json: () => JSON.parse(text()) }),
    setBody: (given) => setBody(border, state(), given.at(0)),
    resolved: () => {
      const { method, url, headers, body } = read()
      const result = border.enter({ method, url, headers })
      use(border.enter(body), (value) => border.context.setProp(result, 'body', value))
      return result
    },
  })
}

function pairList(border: Border, state: () => RequestState, list: ListName): QuickJSHandle {
  const { context } = border
  const entries = border.function('entries', () =>
    use(border.enter(state().entries(list)), (pairs) =>
      context.unwrapResult(context.callMethod(pairs, 'values')),
    ),
  )
  const object = border.object({
    get: (given) => state().get(list, given.text(0)),
    has: (given) => state().get(list, given.text(0)) !== null,
    set: (given) => state().set(list, given.text(0), given.text(1)),
    append: (given) => state().append(list, given.text(0), given.text(1)),
    delete: (given) => state().delete(list, given.text(0)),
    entries,
  })
  context.setProp(object, context.getWellKnownSymbol('iterator'), entries)
  return object
}

function setBody(border: Border, state: RequestState, body: QuickJSHandle): void {
  const { context } = border
  if (context.eq(body, context.null)) state.setBody(null)
  else state.setBody(bodyOf(border, body))
}

function bodyOf(border: Border, body: QuickJSHandle): BodyTemplate {
  const { context } = border
  if (context.typeof(body) === 'object') {
    const json = property(border, body, 'json', (value) => border.jsonOf(value))
    if (json !== undefined) return { json: JSON.parse(json) }
    const text = property(border, body, 'text', (value) => border.textOf(value))
    if (text !== undefined) return { text }
    const form = property(border, body, 'form', (value) => border.jsonOf(value))
    if (form !== undefined) return { form: JSON.parse(form) as [string, string][] }
    const bytes = property(border, body, 'bytes', (value) => border.bytesOf(value))
    if (bytes !== undefined) return { bytes }
    const multipart = property(border, body, 'multipart', (value) => partsOf(border, value))
    if (multipart !== undefined) return { multipart }
  }
  throw new TypeError('setBody: give { json }, { text }, { form }, { bytes }, { multipart } or null')
}

function property<Value>(
  { context }: Border,
  object: QuickJSHandle,
  name: string | number,
  read: (value: QuickJSHandle) => Value,
): Value | undefined {
  return use(context.getProp(object, name), (value) =>
    context.typeof(value) === 'undefined' ? undefined : read(value),
  )
}

const mostParts = 1000

function partsOf(border: Border, list: QuickJSHandle): MultipartPart[] {
  const { context } = border
  const length = property(border, list, 'length', (value) => context.getNumber(value)) ?? Number.NaN
  if (!(length <= mostParts))
    throw new TypeError(`setBody: multipart must be a list of at most ${mostParts} parts`)
  const text = (value: QuickJSHandle): string => border.textOf(value)
  const content = (value: QuickJSHandle): string | Uint8Array =>
    context.typeof(value) === 'string' ? text(value) : border.bytesOf(value)
  return Array.from({ length }, (_, index) =>
    use(context.getProp(list, index), (part) => {
      const filename = property(border, part, 'filename', text)
      const contentType = property(border, part, 'contentType', text)
      return {
        name: property(border, part, 'name', text) ?? '',
        value: property(border, part, 'value', content) ?? '',
        ...(filename === undefined ? {} : { filename }),
        ...(contentType === undefined ? {} : { contentType }),
      }
    }),
  )
}
