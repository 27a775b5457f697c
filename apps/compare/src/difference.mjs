// What two clients sent otherwise, in words.

/** @typedef {import('./recorder.mjs').Recorded} Recorded */

// Names of the client, of its connection, and of the instant.
const ofClients = new Set([
  ...['user-agent', 'postman-token', 'accept', 'accept-encoding', 'accept-language', 'cache-control'],
  ...['connection', 'date', 'content-length', 'transfer-encoding', 'sec-fetch-mode', 'keep-alive'],
])

/** @param {Recorded} reference @param {Recorded} ours @returns {string[]} */
export function differencesOf(reference, ours) {
  const differences = []
  const say = (/** @type {string} */ what, /** @type {string} */ theirs, /** @type {string} */ own) => {
    if (theirs !== own)
      differences.push(`${what}\n  newman ${JSON.stringify(theirs)}\n  ez     ${JSON.stringify(own)}`)
  }
  say('request line', steady(reference.line), steady(ours.line))
  const [theirs, own] = [headersOf(reference), headersOf(ours)]
  for (const name of new Set([...theirs.keys(), ...own.keys()]))
    say(`header ${name}`, theirs.get(name) ?? '(none)', own.get(name) ?? '(none)')
  say('body', bodyOf(reference), bodyOf(ours))
  return differences
}

/** @param {Recorded} request */
function headersOf({ headers }) {
  /** @type {Map<string, string>} */
  const found = new Map()
  for (const [written, value] of headers) {
    const name = written.toLowerCase()
    if (ofClients.has(name)) continue
    const known = found.get(name)
    const text = steady(name === 'content-type' ? value.replace(/boundary=[^;]+/, 'boundary=B') : value)
    found.set(name, known === undefined ? text : `${known}, ${text}`)
  }
  return found
}

/** @param {Recorded} request */
function bodyOf({ headers, body }) {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const boundary = /boundary="?([^;"]+)/.exec(type)?.[1]
  const text = body.toString('latin1')
  return steady(boundary === undefined ? text : text.replaceAll(boundary, 'B'))
}

/** The same for each run: instants of now and random identifiers stand for themselves. @param {string} text */
function steady(text) {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/gi, '<uuid>')
    .replace(/\b1[789]\d{8}(?:\d{3})?\b/g, '<time>')
}
