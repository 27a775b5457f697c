import type { BrunoAuth, BrunoBody, BrunoDefaults, BrunoRequest, Entry } from './shapes.ts'

type Fields = Readonly<Record<string, unknown>>

/** Reads the texts of `.bru` files: the functions of `@usebruno/lang` that are needed. */
export interface BruParser {
  /** Of a request. */
  bruToJsonV2(text: string): unknown
  /** Of `collection.bru` and `folder.bru`. */
  collectionBruToJson(text: string): unknown
  /** Of `environments/*.bru`. */
  bruToEnvJsonV2(text: string): unknown
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const entries = (value: unknown): Entry[] =>
  list(value).map(({ name, value: given, type, contentType, enabled }) => ({
    name: text(name),
    value: given,
    ...(typeof type === 'string' && { type }),
    ...(text(contentType) !== '' && { contentType: text(contentType) }),
    ...(enabled === false && { disabled: true }),
  }))

/** A request of a `.bru` file, as its parser gives it. */
export function requestFromBru(given: unknown): BrunoRequest {
  const bru = fields(given)
  const meta = fields(bru.meta)
  const http = fields(bru.http)
  const body = bodyFromBru(text(http.body), fields(bru.body))
  return {
    name: text(meta.name) || 'request',
    type: text(meta.type) || 'http',
    seq: Number(meta.seq) || 0,
    method: text(http.method).toUpperCase() || 'GET',
    url: text(http.url),
    params: entries(bru.params),
    ...(body && { body }),
    ...defaultsFromBru(bru, text(http.auth)),
    assertions: list(bru.assertions).map(({ name, value, enabled }) => {
      const [, operator = 'eq', wanted = ''] = /^(\S+)\s*(.*)$/s.exec(text(value)) ?? []
      return { expression: text(name), operator, value: wanted, disabled: enabled === false }
    }),
  }
}

/** What a collection or a folder sets, as the parser gives it. */
export function defaultsFromBru(given: unknown, mode?: string): BrunoDefaults {
  const bru = fields(given)
  const auth = fields(bru.auth)
  const type = mode ?? text(auth.mode)
  const script = fields(bru.script)
  const codes = [
    ['before-request', text(script.req)],
    ['after-response', text(script.res)],
    ['tests', text(bru.tests)],
  ] as const
  return {
    headers: entries(bru.headers),
    variables: entries(fields(bru.vars).req),
    scripts: codes.filter(([, code]) => code !== '').map(([kind, code]) => ({ type: kind, code })),
    auth: authFromBru(type, auth),
  }
}

function authFromBru(type: string, auth: Fields): BrunoAuth {
  if (type === 'inherit') return 'inherit'
  if (type === '' || type === 'none') return { type: 'none' }
  const own = fields(auth[type])
  if (type !== 'oauth2') return { type, ...own }
  // The names of OpenCollection.
  return {
    type,
    flow: own.grantType,
    accessTokenUrl: own.accessTokenUrl,
    scope: own.scope,
    credentials: {
      clientId: own.clientId,
      clientSecret: own.clientSecret,
      placement: own.credentialsPlacement,
    },
  }
}

function bodyFromBru(kind: string, body: Fields): BrunoBody | undefined {
  switch (kind) {
    case 'json':
    case 'text':
    case 'xml':
    case 'sparql':
      return { type: kind, data: body[kind] }
    case 'formUrlEncoded':
    case 'form-urlencoded':
      return { type: 'form-urlencoded', data: entries(body.formUrlEncoded) }
    case 'multipartForm':
    case 'multipart-form':
      return { type: 'multipart-form', data: entries(body.multipartForm) }
    case 'file':
      return { type: 'file', data: body.file }
    case 'graphql':
      return { type: 'graphql', data: body.graphql }
    default:
      return undefined
  }
}
