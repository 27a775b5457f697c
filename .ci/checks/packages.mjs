// What would be published: packs every package once, and asks publint and attw (for ESM alone) about each tarball, what
// files it holds, and whether it keeps its budget of bytes. Build first.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { finish } from './report.mjs'

// Bytes, unpacked. AWS has two versions of its signature, chunked bodies, and verifiers of all.
const budgets = new Map([
  ['aws-sigv4', 130_000],
  // Readers of eight formats, for programs that import.
  ['request-file', 200_000],
])
const usual = 120_000
const free = new Set(['cli', 'queue', 'javascript', 'python', 'client', 'oauth2', 'core'])
// Packages are ESM: what older ways to resolve find in them does not count.
const olderWays = ['node10', 'node16-cjs']

// The library of attw lies where its command has it.
const command = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')
const library = createRequire(command).resolve('@arethetypeswrong/core')
const attw = await import(pathToFileURL(library).href)

const problems = []
// A branch that was left may leave a folder of ignored files behind.
const folders = readdirSync('packages').filter((name) => existsSync(join('packages', name, 'package.json')))
const target = mkdtempSync(join(tmpdir(), 'ez-packed-'))
try {
  const paths = folders.map((name) => `./packages/${name}`)
  const parameters = ['pack', '--json', '--ignore-scripts', '--pack-destination', target, ...paths]
  const options = { maxBuffer: 1 << 26, shell: process.platform === 'win32' }
  const { stdout } = await promisify(execFile)('npm', parameters, options)
  /** @type {{ name: string, filename: string, files: { path: string, size: number }[] }[]} */
  const reports = Object.values(JSON.parse(stdout))
  for (const name of folders) {
    const report = reports.find((one) => one.name === `@ez/${name}`)
    if (report) await checkPackage(name, report)
    else problems.push(`${name}: npm packed nothing.`)
  }
} finally {
  rmSync(target, { recursive: true, force: true })
}
finish('packages', problems, `${folders.length} tarballs`)

/** @param {string} name @param {{ filename: string, files: { path: string, size: number }[] }} report */
async function checkPackage(name, { filename, files }) {
  const tarball = new Uint8Array(readFileSync(join(target, filename)))
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
  for (const message of messages)
    if (message.type === 'error')
      problems.push(`${name}: publint: ${formatMessage(message, pkg, { color: false })}`)
  const analysis = await attw.checkPackage(attw.createPackageFromTarballData(tarball))
  // A package of a command alone has none.
  const isTyped = Object.values(pkg.exports ?? {}).some((entry) => entry?.types !== undefined)
  if (isTyped && !analysis.types) problems.push(`${name}: attw: it has no types.`)
  for (const problem of analysis.problems ?? [])
    if (!olderWays.includes(problem.resolutionKind))
      problems.push(`${name}: attw: ${JSON.stringify(problem)}`)
  checkFiles(name, files)
}

/** @param {string} name @param {{ path: string, size: number }[]} files */
function checkFiles(name, files) {
  // A build restored from a cache may leave chunks of an earlier one, which a release from a clean clone does not have.
  const stale = staleChunks(join('packages', name))
  const bytes = files.reduce((sum, { path, size }) => (stale.has(path) ? sum : sum + size), 0)
  for (const { path } of files)
    if (
      !/^(?:dist|vectors|schema|runtime|bin)\/|^(?:README|LICENSE|CHANGELOG)|^package\.json$/.test(path) ||
      /\.test\.|\.map$/.test(path)
    )
      problems.push(`${name}: the tarball holds ${path}.`)
  if (free.has(name)) return
  const budget = budgets.get(name) ?? usual
  if (bytes > budget) problems.push(`${name}: ${bytes} bytes unpacked, above its budget of ${budget}.`)
}

/** Chunks in `dist` that nothing imports. @param {string} root @returns {Set<string>} */
function staleChunks(root) {
  const names = readdirSync(join(root, 'dist')).filter((name) => /^chunk-.*\.js$/.test(name))
  const text = readdirSync(join(root, 'dist'), { recursive: true })
    .filter((name) => String(name).endsWith('.js'))
    .map((name) => readFileSync(join(root, 'dist', String(name)), 'utf8'))
  const isUsed = (/** @type {string} */ name) => text.some((code) => code.includes(name))
  return new Set(names.filter((name) => !isUsed(name)).map((name) => `dist/${name}`))
}
