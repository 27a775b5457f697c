import { parse } from 'yaml'
import { asText, TokenTranslator } from '../imported/tokens.ts'
import { variableText } from './read-request.ts'
import type { BrunoBody, BrunoDefaults, BrunoEnvironment, BrunoRequest, Entry } from './shapes.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a file of OpenCollection holds, whatever kind it is. */
export interface OpenFile {
  readonly requests: readonly { readonly request: BrunoRequest; readonly folders: readonly Folder[] }[]
  /** What a collection or a folder sets for all that is in it. */
  readonly defaults?: BrunoDefaults
  /** The name of a folder. */
  readonly folder?: string
  readonly environments: readonly BrunoEnvironment[]
}

/** A folder around a request of the same file. */
export interface Folder {
  readonly name: string
  readonly defaults: BrunoDefaults
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : [])

/** Reads a file of OpenCollection: a collection, a folder, a request, or an environment. */
export function readOpenFile(text: string): OpenFile {
  const value = fields(parse(text))
  if (Array.isArray(value.variables) && typeof value.name === 'string')
    return { requests: [], environments: [environmentOf(value)] }
  const info = fields(value.info)
  const isRequest = value.http !== undefined || value.graphql !== undefined || info.type === 'http'
  if (isRequest) return { requests: [{ request: requestOf(value), folders: [] }], environments: [] }
  return {
    requests: itemsOf(value.items, []),
    ...(value.request !== undefined && { defaults: value.request as BrunoDefaults }),
    ...(info.type === 'folder' && typeof info.name === 'string' && { folder: info.name }),
    environments: list(fields(value.config).environments).map(environmentOf),
  }
}

function itemsOf(items: unknown, folders: readonly Folder[]): OpenFile['requests'][number][] {
  return list(items).flatMap((item) => {
    if (item.items !== undefined) {
      const name = asText(fields(item.info).name) || 'folder'
      return itemsOf(item.items, [...folders, { name, defaults: (item.request ?? {}) as BrunoDefaults }])
    }
    return fields(item.info).type === undefined && item.http === undefined && item.graphql === undefined
      ? []
      : [{ request: requestOf(item), folders }]
  })
}

function requestOf(value: Fields): BrunoRequest {
  const info = fields(value.info)
  const isGraphql = value.graphql !== undefined
  const details = fields(isGraphql ? value.graphql : value.http)
  const runtime = fields(value.runtime)
  const body = details.body as BrunoBody | undefined
  return {
    name: asText(info.name) || 'request',
    type: asText(info.type) || (isGraphql ? 'graphql' : 'http'),
    seq: Number(info.seq) || 0,
    method: asText(details.method).toUpperCase() || (isGraphql ? 'POST' : 'GET'),
    url: asText(details.url),
    headers: (details.headers ?? []) as Entry[],
    params: (details.params ?? []) as Entry[],
    ...(body !== undefined && {
      body: isGraphql && !Array.isArray(body) ? { type: 'graphql', data: body } : body,
    }),
    ...(details.auth !== undefined && { auth: details.auth as NonNullable<BrunoDefaults['auth']> }),
    variables: (runtime.variables ?? []) as Entry[],
    scripts: (runtime.scripts ?? []) as NonNullable<BrunoDefaults['scripts']>,
    assertions: (runtime.assertions ?? []) as NonNullable<BrunoRequest['assertions']>,
  }
}

function environmentOf(value: Fields): BrunoEnvironment {
  const translator = new TokenTranslator()
  const variables = list(value.variables)
    .filter(({ disabled, secret, name }) => disabled !== true && secret !== true && asText(name) !== '')
    .map(({ name, value: given }) => [translator.name(asText(name)), translator.text(variableText(given))])
  return { name: asText(value.name) || 'environment', variables: Object.fromEntries(variables) }
}
