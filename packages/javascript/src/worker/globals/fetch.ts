/** `fetch`, which a script gets when it was granted hosts. */
export const fetch: string = `({ host, parse, stringify, entries, toText, isView, data }) => {
const waiting = new Map()
let fetchCount = 0
const settle = (id, json, bytes) => {
  const { resolve, reject } = waiting.get(id)
  waiting.delete(id)
  const answer = parse(json)
  if (answer.error === undefined) resolve([answer, bytes])
  else reject(new TypeError(answer.error))
}
const textOf = (bytes) => host('decode', data(bytes), 'utf-8', false, false)
const send = (url, method, headers, body) =>
  new Promise((resolve, reject) => {
    fetchCount += 1
    host('fetch', fetchCount, url, method, stringify(headers), body === null ? null : data(body))
    waiting.set(fetchCount, { resolve, reject })
  })
const fetch = async (resource, options = {}) => {
  const given = options.headers ?? {}
  const headers = [...(typeof given[Symbol.iterator] === 'function' ? given : entries(given))]
    .map(([name, value]) => [toText(name), toText(value)])
  let body = options.body ?? null
  if (body !== null && typeof body === 'object' && !(body instanceof ArrayBuffer) && !isView(body)) {
    if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
      headers.push(['content-type', 'application/x-www-form-urlencoded;charset=UTF-8'])
    body = toText(body)
  }
  const [answer, bytes] = await send(toText(resource), toText(options.method ?? 'GET'), headers, body)
  const find = (name) => answer.headers.find((pair) => pair[0] === toText(name).toLowerCase())
  return {
    ok: answer.status >= 200 && answer.status < 300,
    status: answer.status,
    statusText: answer.statusText,
    url: answer.url,
    headers: {
      get: (name) => find(name)?.[1] ?? null,
      has: (name) => find(name) !== undefined,
      entries: () => answer.headers.values(),
      [Symbol.iterator]: () => answer.headers.values(),
    },
    text: async () => textOf(bytes),
    json: async () => parse(textOf(bytes)),
    bytes: async () => bytes.slice(),
    arrayBuffer: async () => bytes.slice().buffer,
  }
}
return { fetch, settle }
}`
