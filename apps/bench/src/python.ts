// A user-written signing script in its sandbox, warm and cold, beside the signer of the same scheme.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { prepare } from '@ez/core'
import { PythonPool, pythonScript } from '@ez/python'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'
import { account, accountSigner, template } from './netsuite-script.ts'

function fixture(name: string): string {
  const path = new URL(`../../../packages/python/test/fixtures/${name}`, import.meta.url)
  return readFileSync(fileURLToPath(path), 'utf8')
}

/** Scripts that the tests of `@ez/python` compare with the signer: one assigns variables, one reads the request too. */
const source = fixture('netsuite-plain.py')
const readingSource = fixture('netsuite.py')

function signedBy(pool: PythonPool, text: string): () => Promise<unknown> {
  const script = pythonScript({ source: text, parameters: account, pool })
  return () => prepare({ ...template, headers: { authorization: '{%signature%}' }, preRequest: [script] })
}

async function warm(): Promise<BenchCase[]> {
  const pool = new PythonPool({ spares: 0 })
  const idle = pythonScript({ source: 'pass', pool })
  const signer = accountSigner()
  const cases: { name: string; run: () => Promise<unknown> }[] = [
    { name: 'script in its own interpreter (goal: 2.5 ms)', run: signedBy(pool, source) },
    { name: 'a script that reads the request in wire form', run: signedBy(pool, readingSource) },
    { name: 'an empty script', run: () => prepare({ ...template, preRequest: [idle] }) },
  ]
  // Until Python itself is compiled by the optimising compiler, a run takes several times as long.
  for (const { run } of cases) for (let count = 0; count < 600; count += 1) await run()
  return [
    ...cases,
    { name: '@ez/netsuite-oauth1', run: () => prepare({ ...template, preRequest: [signer] }) },
  ]
}

/** Nanoseconds of the first run of a text that no interpreter has seen. */
function first(spares: number): () => Promise<number> {
  let texts = 0
  return async () => {
    const pool = new PythonPool({ spares })
    if (spares > 0) await pool.warm()
    texts += 1
    const run = signedBy(pool, `${source}\n# text ${texts}`)
    const start = process.hrtime.bigint()
    await run()
    const taken = Number(process.hrtime.bigint() - start)
    pool.close()
    return taken
  }
}

export const groups: readonly BenchGroup[] = [
  {
    title: 'python: NetSuite, signed by a script',
    cases: warm,
    options: { rounds: 9, turn: 400, each: true },
  },
  {
    title: 'python: the first run of a script',
    cases: () => [
      { name: 'a spare waiting (goal: 40 ms)', time: first(1) },
      { name: 'cold, from the snapshot (goal: 400 ms)', time: first(0) },
    ],
  },
]
