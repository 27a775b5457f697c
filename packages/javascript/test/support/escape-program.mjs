// Runs the escape cases on the Node that it is started with; prints what went wrong, and how many cases ran.
import { readFileSync } from 'node:fs'
import { prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'

process.env.EZ_TEST_CANARY = 'canary-of-the-environment'
const cases = JSON.parse(readFileSync(new URL('../escape-cases.json', import.meta.url), 'utf8'))
const wrong = []
let count = 0

/** What a script logged, or the code that it failed with. */
async function run(source, options = {}) {
  try {
    const preRequest = [javascriptScript({ source, ...options })]
    const { trace } = await prepare({
      method: 'POST',
      url: 'https://api.example.com/',
      body: { text: 'a' },
      preRequest,
    })
    return trace.find(({ id }) => id === 'log')?.value ?? ''
  } catch (error) {
    return String(error.code)
  }
}

async function check(source, options, isRight) {
  count += 1
  const result = await run(source, options)
  if (!isRight(result)) wrong.push({ source, result })
  const next = await run(
    "console.log(crypto.sha256('', 'hex').slice(0, 8), typeof stolen, JSON.stringify(['a'.repeat(2)]))",
  )
  if (next !== 'e3b0c442 undefined ["aa"]') wrong.push({ source, next })
}

for (const expression of cases.closed)
  await check(
    `console.log(${expression})`,
    {},
    (result) => result.replaceAll(/undefined|function/g, '') === '',
  )
for (const source of cases.failing) await check(source, {}, (result) => result === 'EZ_SCRIPT_FAILED')
for (const [, source] of cases.stopping)
  await check(
    source,
    { timeoutMs: 100, memoryMb: 16 },
    (result) => !result.startsWith('EZ_') || /^EZ_(SCRIPT_|HEADER_INVALID|BODY_INVALID)/.test(result),
  )
for (const source of cases.patching) await check(source, {}, () => true)
console.log(JSON.stringify({ version: process.version, count, wrong }))
