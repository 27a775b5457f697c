// Runs 200 different scripts many times, several at once: small and large, failing, stopped and memory bombs in between.
// Every result is checked. Prints what went wrong, and by how many MiB the second half grew the process.
import { createHash, createHmac } from 'node:crypto'
import { prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'

const runs = Number(process.argv[2])
const atOnce = 6

// A generator with a seed: the same order in every run.
let state = 20_261_130
function next(below) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

const sha = (text) => createHash('sha256').update(text).digest('hex')
const kinds = [
  (n) => [`console.log(${n})`, String(n)],
  (n) => [`export default () => console.log('m' + ${n})`, `m${n}`],
  (n) => [`console.log(crypto.sha256('${n}'.repeat(${n * 50}), 'hex'))`, sha(String(n).repeat(n * 50))],
  (n) => [
    `export default async (request) => { await null; console.log(crypto.hmac('sha256', 'k${n}', request.body.text(), 'hex')) }`,
    createHmac('sha256', `k${n}`).update('{"a":1}').digest('hex'),
  ],
  (n) => [
    `const all = []; for (let i = 0; i < ${n * 500}; i += 1) all.push({ i, text: 'x' + i }); console.log(all.at(-1).text)`,
    `x${n * 500 - 1}`,
  ],
  (n) => [`${'\n'.repeat(n % 7)}throw new TypeError('no ${n}')`, `EZ_SCRIPT_FAILED line ${(n % 7) + 1}`],
  (n) => [`(async () => { throw new Error('lost ${n}') })()`, 'EZ_SCRIPT_FAILED line 1'],
  (n) => [`request.headers.set('x-${n}', undefined)`, 'EZ_SCRIPT_VALUE line 1'],
  (n) => [
    `globalThis.kept = ${n}; console.log(new URL('https://a.example/${n}').pathname, typeof stolen)`,
    `/${n} undefined`,
  ],
  (n) => [`stolen = ${n}; Object.prototype.x = 1; Array.prototype.join = 1; console.log('p${n}')`, `p${n}`],
]
const scripts = Array.from({ length: 200 }, (_, index) =>
  kinds[index % kinds.length](1 + Math.floor(index / kinds.length)),
)
const bombs = [
  ['for (;;) {}', 'EZ_SCRIPT_TIMEOUT', { timeoutMs: 30 }],
  ["const all = []; for (;;) all.push('x'.repeat(1e5))", 'EZ_SCRIPT_MEMORY', { memoryMb: 4 }],
  ['const all = []; for (;;) all.push({ a: [] })', 'EZ_SCRIPT_MEMORY', { memoryMb: 2 }],
]

async function outcome(source, options) {
  try {
    const preRequest = [javascriptScript({ source, timeoutMs: 60_000, ...options })]
    const { trace } = await prepare({
      method: 'POST',
      url: 'https://a.example/',
      body: { json: { a: 1 } },
      preRequest,
    })
    return trace.find(({ id }) => id === 'log')?.value
  } catch (error) {
    const { line } = error.details ?? {}
    return line === undefined ? error.code : `${error.code} line ${line}`
  }
}

const wrong = []
let started = 0
let halfway
async function work() {
  while (started < runs) {
    started += 1
    if (started === Math.floor(runs / 2)) halfway = process.memoryUsage.rss()
    const [source, expected, options] =
      next(100) === 0 ? bombs[next(bombs.length)] : scripts[next(scripts.length)]
    const result = await outcome(source, options)
    if (result !== expected) wrong.push({ source: source.slice(0, 100), result, expected })
  }
}
await Promise.all(Array.from({ length: atOnce }, work))
const grown = (process.memoryUsage.rss() - halfway) / 1024 / 1024
console.log(JSON.stringify({ runs: started, wrong: wrong.slice(0, 5), count: wrong.length, grown }))
