// @ts-check
// Runs the attacks on the Node that runs this file, and prints one JSON line: what happened to each. With the argument
// `everything` all of them.
import dgram from 'node:dgram'
import { once } from 'node:events'
import net from 'node:net'
import { prepare } from '@ez/core'
import { PythonPool, pythonScript } from '@ez/python'
import { fierce, gentle } from './attacks.mjs'

const everything = process.argv[2] === 'everything'
process.env.EZ_TEST_SECRET = 'a secret of the environment'
let touched = 0
const server = net.createServer(() => {
  touched += 1
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const { port } = /** @type {net.AddressInfo} */ (server.address())
const datagrams = dgram.createSocket('udp4')
datagrams.on('message', () => {
  touched += 1
})
datagrams.bind(port, '127.0.0.1')
await once(datagrams, 'listening')

const pool = new PythonPool({ spares: 1, interpreters: 4 })
const url = 'https://api.example.com/'

/**
 * @param {string} source
 * @param {number} [timeoutMs]
 */
async function left(source, timeoutMs = 150_000) {
  const prepared = await prepare(
    {
      method: 'POST',
      url,
      body: { json: { result: '{%result | default("nothing")%}' } },
      preRequest: [pythonScript({ source, pool, timeoutMs })],
    },
    { stepTimeoutMs: 170_000 },
  )
  return JSON.parse(new TextDecoder().decode(/** @type {Uint8Array} */ (prepared.body))).result
}

const signing = `
import base64, builtins, hashlib, hmac, json
assert not hasattr(builtins, 'left_behind')
result = base64.b64encode(hmac.new(b'key', json.dumps({'a': 1}).encode(), hashlib.sha256).digest()).decode()`
const signature = await left(signing)
const clean = async () =>
  (await left(signing)) === signature && (await left(`${signing}\n# another text`)) === signature

const indented = (/** @type {string} */ body) => body.trim().replace(/^/gm, '    ')
const source = `
import json
port = ${port}
outcomes = {}
${Object.entries(gentle)
  .map(
    ([name, body]) => `
def attack():
${indented(body)}
try:
    outcomes[${JSON.stringify(name)}] = 'ESCAPED: ' + repr(attack())[:200]
except BaseException as error:
    outcomes[${JSON.stringify(name)}] = type(error).__name__
`,
  )
  .join('')}
result = json.dumps(outcomes)`
const outcomes = JSON.parse(await left(source))

/** @type {Record<string, { code: string | null, clean: boolean }>} */
const ends = {}
for (const [name, attack] of Object.entries(fierce)) {
  if (!everything && !attack.everywhere) continue
  const code = await left(attack.source, attack.timeoutMs).then(
    () => null,
    (error) => error.code ?? String(error),
  )
  ends[name] = { code, clean: await clean() }
}
console.log(JSON.stringify({ node: process.version, outcomes, ends, touched }))
pool.close()
server.close()
datagrams.close()
