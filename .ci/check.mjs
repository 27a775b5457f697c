// Runs every check but the tests, one line each; the output of a check is shown only when it fails, or says what it
// skipped.
// `pnpm check lint types` runs those alone.
import { spawnSync } from 'node:child_process'
import { install } from './install.mjs'

/** @type {Record<string, string[]>} */
const checks = {
  types: ['turbo', 'run', 'typecheck', '--concurrency=2'],
  lint: ['biome', 'ci', '.'],
  build: ['turbo', 'run', 'build'],
  publint: ['turbo', 'run', 'publint'],
  attw: ['turbo', 'run', 'attw'],
  knip: ['knip'],
  sherif: ['sherif'],
  changesets: ['changeset', 'status'],
  structure: ['node', '.ci/checks/structure.mjs'],
  graph: ['node', '.ci/checks/graph.mjs'],
  'graph-faults': ['node', '.ci/checks/graph-faults.mjs'],
  symbols: ['node', '.ci/checks/symbols.mjs'],
  sizes: ['node', '.ci/checks/size.mjs'],
  bundles: ['node', '.ci/checks/bundle-content.mjs'],
  snippets: ['node', '.ci/checks/snippets.mjs'],
  requests: ['node', '.ci/checks/requests.mjs'],
  errors: ['node', '.ci/checks/errors.mjs'],
  links: ['node', '.ci/checks/links.mjs'],
  licences: ['node', '.ci/checks/licences.mjs'],
  audit: ['node', '.ci/checks/audit.mjs'],
  workflows: ['node', '.ci/checks/workflows.mjs'],
  releases: ['node', '.ci/checks/install-only-what-you-need.mjs'],
  runtimes: ['node', 'apps/runtimes/src/main.ts'],
  site: ['node', '.ci/site/build.mjs'],
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in checks))
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. Known: ${Object.keys(checks).join(', ')}.`)
  process.exit(2)
}

if (!install('everything')) process.exit()
for (const [name, [command, ...parameters]] of Object.entries(checks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const started = performance.now()
  const result = spawnSync(command, parameters, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32',
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (result.status === 0) {
    for (const [line] of result.stdout.matchAll(/^skipped: .*$/gm)) console.log(line)
    console.log(`check ok: ${name} (${seconds} s)`)
  } else {
    console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`)
    console.log(`check FAILED: ${name} (${seconds} s)`)
    process.exitCode = 1
  }
}
