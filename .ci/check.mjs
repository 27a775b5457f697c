// Runs every check but the tests, two at a time, one line each; the output of a check is shown only when it fails, or
// says what it skipped.
// `pnpm check lint types` runs those alone.
import { spawn } from 'node:child_process'
import { install } from './install.mjs'

/** Those that take longest come first, so that none is waited for alone at the end. @type {Record<string, string[]>} */
const checks = {
  releases: ['node', '.ci/checks/install-only-what-you-need.mjs'],
  types: ['node', '.ci/checks/types.mjs'],
  site: ['node', '.ci/site/build.mjs'],
  packages: ['node', '.ci/checks/packages.mjs'],
  compare: ['node', 'apps/compare/check.mjs'],
  runtimes: ['node', 'apps/runtimes/src/main.ts'],
  snippets: ['node', '.ci/checks/snippets.mjs'],
  knip: ['knip'],
  sizes: ['node', '.ci/checks/size.mjs'],
  bundles: ['node', '.ci/checks/bundle-content.mjs'],
  lint: ['biome', 'ci', '.'],
  structure: ['node', '.ci/checks/structure.mjs'],
  graph: ['node', '.ci/checks/graph.mjs'],
  'graph-faults': ['node', '.ci/checks/graph-faults.mjs'],
  docstrings: ['node', '.ci/checks/docstrings.mjs'],
  symbols: ['node', '.ci/checks/symbols.mjs'],
  requests: ['node', '.ci/checks/requests.mjs'],
  errors: ['node', '.ci/checks/errors.mjs'],
  sherif: ['sherif'],
  changesets: ['changeset', 'status'],
  links: ['node', '.ci/checks/links.mjs'],
  licences: ['node', '.ci/checks/licences.mjs'],
  audit: ['node', '.ci/checks/audit.mjs'],
  workflows: ['node', '.ci/checks/workflows.mjs'],
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => name !== 'build' && !(name in checks))
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. Known: build, ${Object.keys(checks).join(', ')}.`)
  process.exit(2)
}

if (!install('everything')) process.exit()
// The others look at what was built.
if (wanted.length === 0 || wanted.includes('build'))
  await check('build', ['turbo', 'run', 'build', '--concurrency=2'])
const waiting = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name))
await Promise.all([work(), work()])

async function work() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await check(...next)
}

/** @param {string} name @param {string[]} words */
async function check(name, [command = '', ...parameters]) {
  const started = performance.now()
  const { status, output } = await run(command, parameters)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status === 0) {
    for (const [line] of output.matchAll(/^skipped: .*$/gm)) console.log(line)
    console.log(`check ok: ${name} (${seconds} s)`)
  } else {
    console.log(output)
    console.log(`check FAILED: ${name} (${seconds} s)`)
    process.exitCode = 1
  }
}

/** @param {string} command @param {string[]} parameters @returns {Promise<{ status: number | null, output: string }>} */
function run(command, parameters) {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    /** @type {Buffer[]} */
    const parts = []
    child.stdout.on('data', (part) => parts.push(part))
    child.stderr.on('data', (part) => parts.push(part))
    child.on('error', (error) => resolve({ status: 1, output: String(error) }))
    child.on('close', (status) => resolve({ status, output: Buffer.concat(parts).toString('utf8') }))
  })
}
