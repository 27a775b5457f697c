// A user-written signing script in its sandbox, beside the signer of the same scheme.
import { fileURLToPath } from 'node:url'
import { type PreRequestScript, prepare, type Signer } from '@ez/core'
import { javascriptScript } from '@ez/javascript'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'
import { account, accountSigner, template } from './netsuite-script.ts'

const url = `${template.url}?limit=10&offset=0`

/** The NetSuite signing script of `@ez/javascript`, as its tests compare it with the signer. */
const file = fileURLToPath(new URL('../../../packages/javascript/fixtures/netsuite.js', import.meta.url))

function prepared(step: PreRequestScript | Signer, headers: Record<string, string>): () => Promise<unknown> {
  return () => prepare({ ...template, url, headers, preRequest: [step] }, { variables: account })
}

/** Milliseconds that a run in a fresh runtime may take. */
const goalMs = 0.5

async function signing(): Promise<BenchCase[]> {
  const script = prepared(javascriptScript({ file }), { authorization: '{%signature%}' })
  const idle = prepared(javascriptScript({ source: '1' }), {})
  const signer = prepared(accountSigner(), {})
  // Until the engine's own code is compiled by the optimising compiler, it takes several times as long. Runs follow one
  // another at once: making the next runtime after a run is in the time of the next, if it is not done by then.
  for (let count = 0; count < 1000; count += 1) await script()
  return [
    { name: `script in a fresh runtime (goal: ${goalMs} ms)`, run: script },
    { name: 'an empty script', run: idle },
    { name: '@ez/netsuite-oauth1', run: signer },
  ]
}

export const groups: readonly BenchGroup[] = [
  // Long turns: a thread that was idle wakes up slowly, and a few runs would measure little else.
  {
    title: 'javascript: NetSuite, signed by a script',
    cases: signing,
    options: { rounds: 9, turn: 400, each: true },
  },
]
