// Runs the benchmarks: `--only <part of a title>` chooses, `--json` prints data in place of tables, `--out <file>` says
// where the data is written besides.
import { writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { BenchGroup } from './group.ts'
import { compare } from './harness.ts'
import { machine, machineLine } from './machine.ts'
import { table } from './print.ts'

const { values } = parseArgs({
  options: { only: { type: 'string' }, json: { type: 'boolean', default: false }, out: { type: 'string' } },
})

// Each on its own, so that a package that is not built, or cannot run on this Node, stops no other.
const files: Readonly<Record<string, () => Promise<{ readonly groups: readonly BenchGroup[] }>>> = {
  'aws-sigv4': () => import('./aws-sigv4.ts'),
  'aws-sigv4-variants': () => import('./aws-sigv4-variants.ts'),
  clients: () => import('./sending/clients.ts'),
  core: () => import('./core.ts'),
  'cosmos-auth': () => import('./cosmos-auth.ts'),
  flows: () => import('./command/flows.ts'),
  javascript: () => import('./javascript.ts'),
  'netsuite-oauth1': () => import('./netsuite-oauth1.ts'),
  held: () => import('./sending/held.ts'),
  proxy: () => import('./command/proxy.ts'),
  python: () => import('./python.ts'),
  rows: () => import('./command/rows.ts'),
  'start-up': () => import('./command/start-up.ts'),
}

const groups: BenchGroup[] = []
for (const [name, load] of Object.entries(files))
  try {
    groups.push(...(await load()).groups)
  } catch (error) {
    console.error(`${name}: not measured. ${(error as Error).message}`)
  }
const chosen = groups.filter(({ title }) => title.includes(values.only ?? ''))
if (chosen.length === 0) {
  console.error(
    `No benchmark has "${values.only}" in its title. Titles:\n${groups.map(({ title }) => `  ${title}`).join('\n')}`,
  )
  process.exitCode = 2
}
if (chosen.length > 0) await measure()

async function measure(): Promise<void> {
  const on = machine()
  if (!values.json) console.log(`${machineLine(on)}\n`)
  const results = []
  for (const { title, cases, options } of chosen) {
    const result = await compare(title, await cases(), options)
    results.push(result)
    if (!values.json) console.log(table(title, result.rows, options?.unit))
  }
  const data = `${JSON.stringify({ machine: on, results }, null, 2)}\n`
  if (values.json) process.stdout.write(data)
  const file = resolve(values.out ?? resolve(import.meta.dirname, '../results.json'))
  writeFileSync(file, data)
  if (!values.json) console.log(`As data: ${relative(process.cwd(), file)}`)
}
