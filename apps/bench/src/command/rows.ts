import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchGroup } from '../group.ts'
import type { BenchCase } from '../harness.ts'
import { serverFile, startServer } from '../servers/start.ts'
import { ez, folder, run, type Usage } from './program.ts'

const order = (origin: string): object => ({
  name: 'Order',
  method: 'POST',
  url: `${origin}/orders/{{id}}`,
  headers: { 'content-type': 'application/json' },
  body: { json: { id: '{{id}}', item: '{{item}}', quantity: '{{quantity}}', note: 'x'.repeat(240) } },
  preRequest: [
    {
      use: '@ez/aws-sigv4',
      with: {
        service: 'execute-api',
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: '{{secret_key}}' },
      },
    },
  ],
})

/** Sends so many signed rows by the command, with a file of results. */
function rows(origin: string, count: number): () => Promise<Usage> {
  const place = folder()
  const [file, data, out] = ['order.json', 'rows.csv', 'results.ndjson'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(file, JSON.stringify(order(origin)))
  const lines = Array.from({ length: count }, (_, index) => `${index},item ${index},${(index % 7) + 1}`)
  writeFileSync(data, ['id,item,quantity', ...lines, ''].join('\n'))
  return () => {
    rmSync(out, { force: true })
    const key = 'secret_key=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
    return run(ez, 'run', file, '--data', data, '--out', out, '--concurrency', '10', '--var', key)
  }
}

async function sending(): Promise<BenchCase[]> {
  const origin = await startServer()
  const count = 20_000
  const ours = rows(origin, count)
  return [
    {
      name: `ez run --data, ${count} signed rows, with --out`,
      time: async () => (await ours()).processor / count,
    },
    {
      name: 'floor: undici.request alone, as many',
      time: async () => (await run(serverFile('undici-rows'), origin, String(count))).processor / count,
      floor: true,
      goal: 4,
    },
  ]
}

async function memory(): Promise<BenchCase[]> {
  const origin = await startServer()
  return [20_000, 200_000].map((count) => {
    const ours = rows(origin, count)
    return {
      name: `ez run --data, ${count} signed rows`,
      time: async () => (await ours()).memory,
      most: 150 * 1024 * 1024,
    }
  })
}

export const groups: readonly BenchGroup[] = [
  { title: 'rows: processor time of a row', cases: sending, options: { rounds: 3, cold: true } },
  { title: 'rows: memory', cases: memory, options: { rounds: 1, cold: true, unit: 'bytes' } },
]
