import type { BodyTemplate } from '@ez/core'
import type { ListName } from '../../protocol.ts'
import { type CurrentRun, type Given, type HostFunction, ValueRefused } from './host-function.ts'

/** The sandbox's `request`, `variables`, `publish` and `console`. */
export const requestFunctions: Readonly<Record<string, HostFunction>> = {
  method: (_, { state }) => state.method,
  url: (_, { state }) => state.url,
  setMethod: (given, { state }) => state.setMethod(given.written(0, 'request.method')),
  setUrl: (given, { state }) => state.setUrl(given.written(0, 'request.url')),
  get: (given, { state }) => state.get(listOf(given), given.text(1)),
  entries: (given, { state }) => state.entries(listOf(given)),
  set: (given, { state }) => state.set(...pairOf(given, 'set')),
  append: (given, { state }) => state.append(...pairOf(given, 'append')),
  delete: (given, { state }) => {
    const list = listOf(given)
    state.delete(list, given.written(1, `request.${list}.delete: the name`))
  },
  body: setBody,
  part: (given, { parts }) => {
    const place = 'setBody: a part of multipart'
    parts.push({
      name: given.written(0, `${place}: its name`),
      value: given.data(1),
      ...(given.isMissing(2) ? {} : { filename: given.written(2, `${place}: its filename`) }),
      ...(given.isMissing(3) ? {} : { contentType: given.written(3, `${place}: its contentType`) }),
    })
  },
  bodyBytes: (_, run) => bytesOf(run),
  bodyText: (_, run) => new TextDecoder().decode(bytesOf(run)),
  resolved: (_, run) => {
    const { body, ...rest } = run.read()
    return { ...rest, body: body !== null }
  },
  publish: (given, { state }) => state.publish(given.written(0, 'publish: the name'), given.text(1)),
  log: (given, { state }) => state.log(given.text(0)),
  nonce: (_, { nonce }) => nonce,
  variable: (given, run) => run.ask('variable', given.text(0)),
  runtime: (given, run) => run.ask('runtime', given.text(0)),
  missing: (given) => {
    const name = given.text(0)
    throw new ValueRefused(
      `variables.${name}: there is no such variable. Define it, or read it with variables.get('${name}', fallback).`,
    )
  },
  refuse: (given) => {
    throw new ValueRefused(given.text(0))
  },
}

function bytesOf(run: CurrentRun): Uint8Array {
  return run.read().body ?? new Uint8Array(0)
}

function listOf(given: Given): ListName {
  return given.text(0) === 'query' ? 'query' : 'headers'
}

function pairOf(given: Given, verb: string): [ListName, string, string] {
  const list = listOf(given)
  const name = given.written(1, `request.${list}.${verb}: the name`)
  return [list, name, given.written(2, `request.${list}.${verb}('${name}'): the value`)]
}

function setBody(given: Given, { state, parts }: CurrentRun): void {
  const kind = given.text(0)
  // The parts of the body that comes next.
  if (kind === 'parts') parts.length = 0
  else state.setBody(bodyOf(kind, given, [...parts]))
}

function bodyOf(kind: string, given: Given, multipart: CurrentRun['parts']): BodyTemplate | null {
  if (kind === 'json') return { json: JSON.parse(jsonOf(given, 'json')) }
  if (kind === 'form') return { form: JSON.parse(jsonOf(given, 'form')) as [string, string][] }
  if (kind === 'text') return { text: given.written(1, 'setBody: the text') }
  if (kind === 'bytes') return { bytes: given.data(1) as Uint8Array }
  return kind === 'multipart' ? { multipart } : null
}

function jsonOf(given: Given, kind: string): string {
  if (given.isMissing(1)) throw new ValueRefused(`setBody: the ${kind} has no JSON form.`)
  return given.text(1)
}
