import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { serverFile, startServerOf } from '../servers/start.ts'
import { ez, folder, run, type Usage } from './program.ts'
import { suiteqlStep } from './suiteql-step.ts'

/** Reads all pages by the command, to a file. */
function exporting(origin: string): () => Promise<Usage> {
  const file = join(folder(), 'flow.json')
  const step = { ...suiteqlStep, output: { ...suiteqlStep.output, file: 'customers.csv' } }
  writeFileSync(file, JSON.stringify({ variables: { netsuite: origin }, steps: [step] }))
  return () => run(ez, 'run', file, '--force')
}

async function processor(): Promise<BenchCase[]> {
  const origin = await startServerOf('suiteql', 25_000)
  const ours = exporting(origin)
  const file = join(folder(), 'customers.csv')
  return [
    { name: 'ez run, a flow', time: async () => (await ours()).processor },
    {
      name: 'runFlow, in a program',
      time: async () => (await run(serverFile('suiteql-flow'), origin, file)).processor,
    },
    {
      name: 'floor: a loop of undici.request and csv-stringify',
      time: async () => (await run(serverFile('suiteql-loop'), origin, file)).processor,
      floor: true,
      goal: 1.5,
    },
  ]
}

async function memory(): Promise<BenchCase[]> {
  return Promise.all(
    [25_000, 1_000_000].map(async (count) => {
      const ours = exporting(await startServerOf('suiteql', count))
      return {
        name: `ez run, a flow of ${count.toLocaleString('en-US')} records to CSV`,
        time: async () => (await ours()).memory,
        most: 150 * 1024 * 1024,
      }
    }),
  )
}

export const groups: readonly BenchGroup[] = [
  {
    title: 'flows: processor time of 25,000 rows in 25 pages of SuiteQL to CSV',
    cases: processor,
    options: { rounds: 3, cold: true },
  },
  { title: 'flows: memory', cases: memory, options: { rounds: 1, cold: true, unit: 'bytes' } },
]
