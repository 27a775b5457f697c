// What a bundle and a tarball hold: a provider holds no other provider, a browser bundle nothing of Node, a bundle for
// Node no polyfill, a tarball nothing but what is meant, and no more bytes than its budget.
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { finish } from './report.mjs'

// Bytes, unpacked.
const budgets = new Map([
  ['aws-sigv4', 220_000],
  ['signature', 150_000],
])
const usual = 120_000
const goal = 120_000
const free = new Set(['cli', 'queue', 'javascript', 'python', 'client', 'oauth2', 'core'])

const pack = promisify(execFile)
const problems = []
const missed = []
/** @type {[string, string][]} */
const roots = []
let bundles = 0
let tarballs = 0
for (const name of readdirSync('packages')) {
  const root = join('packages', name)
  // A branch that was left may leave a folder of ignored files behind.
  if (!existsSync(join(root, 'package.json'))) continue
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (manifest.keywords?.includes('ez-provider') && !manifest.dependencies)
    for (const [entry, target] of Object.entries(manifest.exports))
      if (typeof target === 'object') await checkBundles(name, entry, join(root, target.default))
  roots.push([name, root])
}
await Promise.all([0, 1, 2].map(() => checkTarballs(roots)))
const goals = missed.join(', ') || 'none'
finish('bundle content', problems, `${bundles} bundles, ${tarballs} tarballs; size goals missed: ${goals}`)

/** @param {[string, string][]} waiting */
async function checkTarballs(waiting) {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await checkTarball(...next)
}

// A vendor that is described as data takes the language of descriptions.
/** @param {string} name @param {string} other */
function takes(name, other) {
  if (other !== 'signature') return false
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(
    readFileSync(`packages/${name}/package.json`, 'utf8'),
  )
  return '@ez/signature' in { ...dependencies, ...peerDependencies }
}

/** @param {string} name @param {string} entry @param {string} file */
async function checkBundles(name, entry, file) {
  for (const platform of /** @type {const} */ (['browser', 'node'])) {
    const { metafile } = await build({
      stdin: { contents: `export * from './${file}'`, resolveDir: '.' },
      bundle: true,
      format: 'esm',
      platform,
      metafile: true,
      write: false,
      logLevel: 'silent',
      tsconfigRaw: '{}',
      external: platform === 'browser' ? ['node:*'] : [],
    })
    bundles += 1
    const where = `${name} ${entry} for ${platform}`
    const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs))
    const imports = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path),
    )
    for (const input of inputs) {
      const [, other] = /(?:^|\/)packages\/([^/]+)\/dist\//.exec(input) ?? []
      if (other !== undefined && other !== name && other !== 'core' && !takes(name, other))
        problems.push(`${where}: it holds ${input} of another package.`)
      if (platform === 'node' && /core\/dist\/crypto\/portable|noble/.test(input))
        problems.push(`${where}: it holds the portable crypto.`)
    }
    for (const path of imports)
      if (platform === 'browser' && path.startsWith('node:')) problems.push(`${where}: it imports ${path}.`)
  }
}

/** @param {string} name @param {string} root */
async function checkTarball(name, root) {
  let report
  try {
    const { stdout } = await pack('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      maxBuffer: 1 << 26,
    })
    const parsed = JSON.parse(stdout)
    report = Array.isArray(parsed) ? parsed[0] : Object.values(parsed)[0]
  } catch (error) {
    problems.push(`${name}: npm pack failed: ${error instanceof Error ? error.message : String(error)}`)
    return
  }
  tarballs += 1
  // A build restored from a cache may leave chunks of an earlier one, which a release from a clean clone does not have.
  const stale = staleChunks(root)
  const bytes = report.files.reduce(
    (/** @type {number} */ sum, /** @type {{ path: string, size: number }} */ file) =>
      stale.has(file.path) ? sum : sum + file.size,
    0,
  )
  for (const { path } of report.files)
    if (
      !/^(?:dist|vectors|schema|runtime|bin)\/|^(?:README|LICENSE|CHANGELOG)|^package\.json$/.test(path) ||
      /\.test\.|\.map$/.test(path)
    )
      problems.push(`${name}: the tarball holds ${path}.`)
  if (!free.has(name) && bytes > goal) missed.push(`${name} (${bytes} of ${goal} bytes)`)
  const budget = budgets.get(name) ?? usual
  if (!free.has(name) && bytes > budget)
    problems.push(`${name}: ${bytes} bytes unpacked, above its budget of ${budget}.`)
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
