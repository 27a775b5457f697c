import { postmanLibraries } from './postman-libraries.ts'
import { postmanRequest } from './postman-request.ts'
import { postmanResponse } from './postman-response.ts'
import { postmanScopes } from './postman-scopes.ts'

/** `pm` and the old names, and what runs the scripts: a function of the tools, then of what the run is given. */
export const postman: string = `({ host, parse, stringify, entries, toText, isView, data, accessor, part, global, print, apply, defineProperty, hasOwn, assign }) => (json) => {
const given = parse(json)
${[postmanLibraries, postmanScopes, postmanRequest, postmanResponse].join('\n')}
const refuse = (name, advice) => host('refuse', name + ': this is not there. ' + advice)
const scopeLabels = { environment: given.environmentName, globals: 'globals', collectionVariables: 'collection' }
const globals = makeScope('globals', given.scopes.globals, [])
const collectionVariables = makeScope('collectionVariables', given.scopes.collectionVariables, [])
const environment = makeScope('environment', given.scopes.environment, [])
const iterationData = makeScope('iterationData', given.scopes.iterationData, [])
const variables = makeScope('variables', given.scopes.variables, ['iterationData', 'environment', 'collectionVariables', 'globals'])

const headerPairs = (header) => {
  if (header === undefined || header === null) return []
  if (typeof header === 'string') {
    const place = header.indexOf(':')
    return [[header.slice(0, place).trim(), header.slice(place + 1).trim()]]
  }
  if (!Array.isArray(header)) return entries(header)
  return header.flatMap((one) => (typeof one === 'string' ? headerPairs(one) : one.disabled ? [] : [[one.key, one.value]]))
}
const form = (list) => {
  const pairs = Array.isArray(list) ? list.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, value]) : entries(list)
  return new URLSearchParams(pairs.map(([key, value]) => [key, toText(value ?? '')])).toString()
}
const sendOptions = (request) => {
  if (typeof request === 'string') return [request, {}]
  const headers = headerPairs(request.header ?? request.headers)
  const { body } = request
  const options = { method: request.method ?? 'GET', headers }
  if (typeof body === 'string') options.body = body
  else if (body && (body.mode === 'urlencoded' || (body.mode === undefined && body.urlencoded))) {
    options.body = typeof body.urlencoded === 'string' ? body.urlencoded : form(body.urlencoded)
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
      headers.push(['content-type', 'application/x-www-form-urlencoded'])
  } else if (body && (body.mode === 'raw' || body.raw !== undefined)) {
    options.body = typeof body.raw === 'string' ? body.raw : stringify(body.raw)
  } else if (body && body.mode !== undefined && body.mode !== 'none')
    refuse('pm.sendRequest with a body of mode ' + body.mode, 'Send raw text or urlencoded.')
  return [toText(request.url), options]
}
const answerOf = async (response) => {
  const text = await response.text()
  return {
    code: response.status,
    status: response.statusText,
    responseTime: 0,
    headers: {
      get: (name) => response.headers.get(name) ?? undefined,
      has: (name) => response.headers.has(name),
      all: () => [...response.headers].map(([key, value]) => ({ key, value })),
      toObject: () => Object.fromEntries([...response.headers]),
    },
    text: () => text,
    json: () => parse(text),
  }
}
const sendRequest = (request, callback) => {
  if (!given.network)
    refuse('pm.sendRequest', 'Grant the hosts that the script may reach with allow.hosts.')
  const [url, options] = sendOptions(request)
  const sent = part('fetch').fetch(url, options).then(answerOf)
  if (typeof callback !== 'function') return sent
  sent.then((response) => callback(null, response), (error) => callback(error, undefined))
  return undefined
}

const tests = []
const test = (name, run) => {
  const result = { name: toText(name), passed: true }
  tests.push(result)
  const failed = (error) => assign(result, { passed: false, error: toText(error) })
  try {
    const ended = run((error) => error && failed(error))
    if (typeof ended?.then === 'function') return ended.then(() => {}, failed)
  } catch (error) {
    failed(error)
  }
}
const absent = {
  cookies: 'Give the cookie as a variable.',
  vault: 'Give the secret as a variable.',
  visualizer: 'It draws in the app only.',
  execution: 'The order of requests belongs to the flow.',
  require: 'require() gives the libraries that Postman brings.',
  response: 'A pre-request script has no response.',
}
const members = {
  variables, environment, collectionVariables, globals, iterationData, sendRequest, test,
  info: { eventName: response === undefined ? 'prerequest' : 'test', iteration: 0, iterationCount: 1, ...given.info },
}
accessor(members, 'request', () => currentRequest())
accessor(members, 'expect', () => expectWith().expect)
if (response !== undefined) members.response = response
const pm = new Proxy(members, {
  get(target, name, receiver) {
    if (typeof name === 'symbol' || name in target || name === 'then' || name === 'toJSON')
      return Reflect.get(target, name, receiver)
    return refuse('pm.' + name, absent[name] ?? 'Write the script without it.')
  },
})
const oldNames = {
  setEnvironmentVariable: (name, value) => environment.set(name, value),
  getEnvironmentVariable: (name) => environment.get(name),
  clearEnvironmentVariable: (name) => environment.unset(name),
  clearEnvironmentVariables: () => environment.clear(),
  setGlobalVariable: (name, value) => globals.set(name, value),
  getResponseHeader: (name) => response?.headers.get(name),
  getGlobalVariable: (name) => globals.get(name),
  clearGlobalVariable: (name) => globals.unset(name),
  clearGlobalVariables: () => globals.clear(),
  setNextRequest: () => refuse('postman.setNextRequest', 'The order of requests belongs to the flow.'),
}
const valuesOf = (scope) => new Proxy({}, {
  get: (_, name) => (typeof name === 'string' ? scope.get(name) : undefined),
  has: (_, name) => scope.has(name),
  ownKeys: () => Object.keys(scope.toObject()),
  getOwnPropertyDescriptor: (_, name) =>
    scope.has(name) ? { configurable: true, enumerable: true, value: scope.get(name) } : undefined,
})
for (const name of ['variables', 'parameters', 'context', 'publish']) delete globalThis[name]
const { getRandomValues, randomUUID } = crypto
const oldTests = {}
const webCrypto = { getRandomValues, randomUUID }
accessor(webCrypto, 'subtle', () => refuse('crypto.subtle', 'Use crypto-js, or a script of the native dialect.'))
for (const [name, value] of entries({
  pm, postman: oldNames, request: legacyRequest, environment: valuesOf(environment), globals: valuesOf(globals),
  data: valuesOf(iterationData), iteration: 0, tests: oldTests, require: requireFrom(''), crypto: webCrypto,
}))
  global(name, value)
const lazyGlobal = (name, load) =>
  defineProperty(globalThis, name, {
    configurable: true,
    get: () => {
      delete globalThis[name]
      const value = load()
      global(name, value)
      return value
    },
    set: (value) => global(name, value),
  })
if (response !== undefined)
  for (const [name, value] of entries({
    responseBody: response.text(), responseTime: response.responseTime, responseHeaders: response.headers.toObject(),
    responseCode: { code: response.code, name: response.status },
  }))
    global(name, value)
lazyGlobal('CryptoJS', makeCrypto)
lazyGlobal('_', () => requireFrom('')('lodash'))
lazyGlobal('moment', () => requireFrom('')('moment'))

return {
  // Each script in a function of its own, as Postman runs them.
  run: async (script) => { await apply(script, globalThis, []) },
  result: () => {
    for (const [name, good] of entries(oldTests)) tests.push({ name, passed: Boolean(good) })
    return stringify({ changes, tests, request: editedRequest(), original })
  },
}
}`
