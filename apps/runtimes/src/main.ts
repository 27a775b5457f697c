// The conformance run on every engine; writes the table of README.md. Exit code 1 when one of them fails.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'
import type { Outcome } from './conformance.ts'
import { startEndpoint } from './endpoint.ts'
import { allEngines, installEngines } from './engines.ts'

const rows = [
  '| engine | version | vectors | checks | prepare | verified by the endpoint |',
  '|---|---|---|---|---|---|',
]
let failed = 0

await installEngines()
const endpoint = await startEndpoint()
await bundle(endpoint.address)
for (const engine of allEngines) {
  const version = await engine.version()
  if (version === undefined) {
    console.log(`skipped: ${engine.name} is not here`)
    continue
  }
  try {
    report(engine.name, version, await engine.run(endpoint.address))
  } catch (error) {
    failed += 1
    console.log(
      `runtimes: ${engine.name} ${version}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
endpoint.stop()

// A table of what failed would say nothing.
const files = failed === 0 && process.argv.includes('--write') ? ['../README.md', '../../../README.md'] : []
for (const file of files) await writeTable(fileURLToPath(new URL(file, import.meta.url)))
console.log(`runtimes: ${failed === 0 ? 'ok' : `${failed} engines failed`} (${rows.length - 2} engines)`)
process.exitCode = failed === 0 ? 0 : 1

function report(name: string, version: string, outcome: Outcome): void {
  const { vectors, checks, prepared, fetched, failures } = outcome
  console.log(
    `runtimes: ${name} ${version}: ${vectors} vectors, ${checks} checks, ${prepared} of prepare, ${fetched} verified, ${failures.length} failed`,
  )
  for (const failure of failures.slice(0, 10)) console.log(`  ${failure}`)
  if (failures.length > 0) failed += 1
  else rows.push(`| ${name} | ${version} | ${vectors} | ${checks} | ${prepared} | ${fetched} |`)
}

async function writeTable(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const table = `<!-- runtimes -->\n\n${rows.join('\n')}\n\n<!-- /runtimes -->`
  await writeFile(file, text.replace(/<!-- runtimes -->.*<!-- \/runtimes -->/s, table))
}
