// 150 requests over everything that a collection can say, 66 of them with scripts. Their order is their number.

import { computed } from './computed.mjs'

const base = 'https://api.example.com'
/** @typedef {{ name: string, request: object, event?: object[] }} Item */

const request = (/** @type {string} */ method, /** @type {string} */ path, extra = {}) => ({
  method,
  url: `${base}${path}`,
  ...extra,
})
const pairs = (/** @type {Record<string, string>} */ values) =>
  Object.entries(values).map(([key, value]) => ({ key, value }))
const auth = (/** @type {string} */ type, /** @type {Record<string, string>} */ values) => ({
  auth: { type, [type]: pairs(values) },
})
const raw = (/** @type {string} */ text, /** @type {string | undefined} */ language = undefined) => ({
  body: { mode: 'raw', raw: text, ...(language && { options: { raw: { language } } }) },
})
const headers = (/** @type {Record<string, string>} */ values) => ({ header: pairs(values) })

const paths = [
  ...[
    '/',
    '/a',
    '/a/b/',
    '/a%20b',
    '/a b',
    '/ü',
    '/日本',
    '/a;b=c',
    '/a,b',
    '/a:b',
    '/a@b',
    '/~user',
    '/a+b',
    '/a%2Fb',
  ],
  ...[
    '/{{v}}',
    '/{{v}}/{{w}}',
    '/x{{v}}y',
    '/a?b=c',
    '/a?b=c&b=d',
    '/a?b',
    '/a?b=',
    '/a?=c',
    '/a?b=c%20d',
    '/a?b=c d',
  ],
  ...[
    '/a?b=ä',
    '/a?b=c+d',
    '/a?b={{v}}',
    '/a?{{v}}=1',
    '/a?b={{v}}&c={{w}}',
    '/a?b=c/d',
    '/a?b=c:d',
    '/a?b=c,d',
  ],
  ...[
    '/a?b=c;d',
    '/a?b=c@d',
    '/a?b=%26',
    '/a?b=c(d)',
    '/a?b=c*d',
    '/a?b=c!d',
    '/a?b=~',
    "/a?b=c'd",
    '/a?b=c#frag',
  ],
]

/** @type {object[]} */
const bodies = [
  raw('hello'),
  raw('a={{v}}'),
  raw('{"a": "{{v}}"}', 'json'),
  raw('{"a":1}', 'json'),
  raw('{"b":2,"a":[1,null,true]}', 'json'),
  raw('<a>{{v}}</a>', 'xml'),
  raw('<p>ü</p>', 'html'),
  raw('f()', 'javascript'),
  raw('line\nline\r\nline', 'text'),
  raw('日本', 'json'),
  { ...raw('{"a":1}'), ...headers({ 'Content-Type': 'application/json' }) },
  { ...raw('{"a":1}'), ...headers({ 'content-type': 'application/vnd.api+json' }) },
  { ...raw('a,b'), ...headers({ 'Content-Type': 'text/csv' }) },
  { body: { mode: 'urlencoded', urlencoded: pairs({ a: '1', b: '2' }) } },
  { body: { mode: 'urlencoded', urlencoded: pairs({ 'a b': 'c&d', e: 'f=g', h: 'ü' }) } },
  { body: { mode: 'urlencoded', urlencoded: pairs({ a: '{{v}}', b: "'()*!~" }) } },
  {
    body: {
      mode: 'urlencoded',
      urlencoded: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2', disabled: true },
      ],
    },
  },
  { body: { mode: 'graphql', graphql: { query: 'query { a }', variables: '{"x":1}' } } },
  { body: { mode: 'graphql', graphql: { query: 'query { a }' } } },
  {},
]

/** @type {object[]} */
const settings = [
  headers({ 'X-A': '1', 'X-B': '{{v}}' }),
  headers({ 'X-Long': 'a, b; c="d"' }),
  {
    header: [
      { key: 'X-A', value: '1' },
      { key: 'X-Off', value: '2', disabled: true },
    ],
  },
  headers({ Authorization: 'Token {{v}}' }),
  auth('basic', { username: 'me', password: '{{v}}' }),
  auth('basic', { username: '{{w}}', password: '' }),
  auth('bearer', { token: '{{v}}' }),
  auth('apikey', { key: 'X-Key', value: '{{v}}' }),
  auth('apikey', { key: 'key', value: '{{v}}', in: 'query' }),
  auth('noauth', {}),
  headers({ Accept: 'application/xml' }),
  headers({ Cookie: 'a={{v}}' }),
]

const set = (/** @type {string} */ expression) => `pm.environment.set('out', ${expression})`

/** Scripts that do more than to set one value, and what the request has. @type {[string, object][]} */
const edits = [
  ["pm.request.headers.add({ key: 'X-New', value: '{{v}}' })", {}],
  ["pm.request.headers.upsert({ key: 'X-In', value: 'new' })", headers({ 'X-In': 'old' })],
  ["pm.request.headers.remove('X-In')", headers({ 'X-In': 'old' })],
  ["pm.request.url.query.add({ key: 'z', value: '1' })", {}],
  ["pm.request.url.query.remove('q')", {}],
  ["pm.request.body.raw = pm.request.body.raw + '!'", raw('a={{v}}', 'text')],
  ["pm.request.body.raw = JSON.stringify({ a: pm.environment.get('v') })", raw('{"a":1}', 'json')],
  [
    "pm.request.body.urlencoded.add({ key: 'b', value: '{{v}}' })",
    { body: { mode: 'urlencoded', urlencoded: pairs({ a: '1' }) } },
  ],
  ["pm.request.method = 'PUT'", raw('x', 'text')],
  ["if (true) { pm.environment.set('out', 'early'); return }\npm.environment.set('out', 'late')", {}],
  ["undeclared = 'u'; pm.environment.set('out', undeclared)", {}],
  ["postman.setEnvironmentVariable('out', 'old name')", {}],
  ["postman.setGlobalVariable('out', 'old'); postman.clearEnvironmentVariable('out')", {}],
  ["pm.globals.set('out', 'far'); pm.variables.set('out', 'near')", {}],
  ["pm.environment.set('out', 'a'); pm.environment.unset('out'); pm.collectionVariables.set('out', 'c')", {}],
  ["const n = 'out'; pm.environment.set(n, 'by name'); pm.variables.set('out', pm.environment.get(n))", {}],
  [
    "pm.sendRequest('https://api.example.com/of-script', (error, answer) => pm.environment.set('out', answer.json().token))",
    {},
  ],
  [
    "pm.sendRequest({ url: 'https://api.example.com/of-script', method: 'POST', header: 'A:b', body: { mode: 'raw', raw: '{}' } }, (error, answer) => { pm.environment.set('out', answer.code) })",
    {},
  ],
]

/** The collection, and an environment for it. */
export function ownCollection() {
  /** @type {Item[]} */
  const items = []
  const add = (/** @type {object} */ one, script = '') =>
    items.push({
      name: `r${items.length + 1}`,
      request: one,
      ...(script !== '' && { event: [{ listen: 'prerequest', script: { exec: script.split('\n') } }] }),
    })
  for (const path of paths) add(request('GET', path))
  for (const body of bodies) add(request('POST', '/body', body))
  for (const setting of settings) add(request('GET', '/settings?a=1', setting))
  for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) add(request(method, '/method'))
  add({
    method: 'GET',
    url: {
      raw: `${base}/parts/:id?a=1&b=2`,
      protocol: 'https',
      host: ['api', 'example', 'com'],
      path: ['parts', ':id'],
      query: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2', disabled: true },
        { key: 'c', value: '{{v}}' },
      ],
      variable: [{ key: 'id', value: '42' }],
    },
  })
  add({
    ...request('GET', '/multi'),
    header: [
      { key: 'X-A', value: '1' },
      { key: 'X-A', value: '2' },
    ],
  })
  add(request('POST', '/multipart', { body: { mode: 'formdata', formdata: pairs({ a: '1', b: '{{v}}' }) } }))
  add(request('GET', '/{{v}}?odd=[x]'))
  add(request('GET', '/A'))
  add(request('GET', '/a?{{v}}={{w}}'))
  for (const expression of computed)
    add(request('GET', '/script/x?q=1&out={{out}}', headers({ 'X-In': 'in' })), set(expression))
  // newman keeps pm.variables for the rest of a run: those come last.
  const isLocal = (/** @type {[string, object]} */ [script]) => script.includes("pm.variables.set('out'")
  for (const [script, extra] of [...edits.filter((one) => !isLocal(one)), ...edits.filter(isLocal)])
    add(
      request('body' in extra ? 'POST' : 'GET', '/edit?q=1', withOut(extra)),
      script.includes("'out'") ? script : `${script}\npm.environment.set('out', '1')`,
    )
  return {
    collection: {
      info: {
        name: 'Everything',
        schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
      },
      item: items,
    },
    environment: { name: 'own', values: pairs({ v: 'value', w: 'two words' }) },
  }
}

const withOut = (/** @type {{ header?: object[] }} */ extra) => ({
  ...extra,
  header: [...(extra.header ?? []), { key: 'X-Out', value: '{{out}}' }],
})
