// Every package has the same files under the same names, and providers depend on what they may.
// node .ci/checks/structure.mjs [folder…]
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { finish } from './report.mjs'

const oauthLibraries = ['oauth4webapi', 'jose']
const stageFiles = ['canonical-request.ts', 'base-string.ts', 'string-to-sign.ts', 'signature-base.ts']
const schemaFields = ['title', 'source', 'context', 'options', 'request', 'stages', 'expected']

const folders = process.argv.slice(2).length
  ? process.argv.slice(2).map((folder) => resolve(folder))
  : readdirSync('packages').map((name) => resolve('packages', name))

/** @type {string[]} */
const problems = []
let signers = 0
let tokens = 0
for (const folder of folders) {
  if (!existsSync(join(folder, 'package.json'))) continue
  const problem = (/** @type {string} */ text) => problems.push(`${basename(folder)}: ${text}`)
  const read = (/** @type {string} */ file) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined
  const manifest = JSON.parse(read('package.json') ?? '{}')
  const needs = (/** @type {string} */ file) => {
    const text = read(file)
    if (text === undefined) problem(`${file} is missing.`)
    return text ?? ''
  }

  checkManifest(manifest, folder, problem)
  for (const file of ['README.md', 'tsconfig.json', 'src']) if (!existsSync(join(folder, file))) needs(file)
  if (!manifest.keywords?.includes('ez-provider')) continue

  checkImports(folder, problem)
  if (manifest.peerDependencies?.['@ez/core'] !== 'workspace:^')
    problem('@ez/core must be a peer dependency, "workspace:^".')
  needs('src/options.ts')
  const isSigner = existsSync(join(folder, 'src/signer.ts'))
  const allowed = isSigner ? [] : oauthLibraries
  for (const name of Object.keys(manifest.dependencies ?? {}))
    if (!allowed.includes(name))
      problem(
        `it depends on ${name}. ${isSigner ? 'A signer depends on core alone.' : `Known: ${allowed.join(', ')}.`}`,
      )
  checkReadme(read('README.md') ?? '', manifest.name, isSigner, problem)
  // A package of several token scripts has a provider at each subpath.
  const index = needs('src/index.ts')
  const places = isSigner ? [index] : filesOf(join(folder, 'src')).map((file) => readFileSync(file, 'utf8'))
  if (!places.some((text) => /\bexport\b[^;]*\bprovider\b/.test(text)))
    problem('src/index.ts must export provider.')
  if (!isSigner) {
    tokens += 1
    continue
  }
  signers += 1
  needs('src/signature.ts')
  needs('src/verify.ts')
  if (!manifest.exports?.['./verify']) problem('exports must have ./verify.')
  if (!stageFiles.some((file) => existsSync(join(folder, 'src', file))))
    problem(`a stage file is missing: one of ${stageFiles.map((file) => `src/${file}`).join(', ')}.`)
  checkVectors(folder, manifest, problem)
  const tests = filesOf(join(folder, 'test')).filter((file) => file.endsWith('.test.ts'))
  if (!tests.some((file) => readFileSync(file, 'utf8').includes('describeSigner(')))
    problem('no test calls describeSigner of @ez/core/testing.')
}
finish('structure', problems, `${folders.length} packages, ${signers} signers, ${tokens} token providers`)

/** @param {Record<string, any>} manifest @param {string} folder @param {(text: string) => void} problem */
function checkManifest(manifest, folder, problem) {
  if (manifest.name !== `@ez/${basename(folder)}`) problem('the name must be @ez/<folder>.')
  if (!manifest.description) problem('there is no description.')
  if (manifest.license !== 'MIT') problem('the licence must be MIT.')
  if (manifest.type !== 'module') problem('type must be module.')
  if (manifest.engines?.node !== '>=20') problem('engines.node must be >=20.')
  if (!manifest.files?.includes('dist')) problem('files must include dist.')
  if (manifest.exports?.['./package.json'] !== './package.json') problem('exports must have ./package.json.')
  for (const script of ['build', 'typecheck', 'test', 'publint', 'attw'])
    if (!manifest.scripts?.[script]) problem(`there is no script ${script}.`)
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    if (Object.keys(target)[0] !== 'types') problem(`exports["${entry}"]: types must come first.`)
    for (const file of Object.values(target))
      if (/^\.\/dist\/.*(?<!\.d)\.js$/.test(file)) {
        const source = file.replace('./dist/', 'src/').replace(/\.js$/, '.ts')
        if (!existsSync(join(folder, source))) problem(`exports["${entry}"]: ${source} is missing.`)
      }
  }
}

/** @param {string} folder @param {(text: string) => void} problem */
function checkImports(folder, problem) {
  for (const file of filesOf(join(folder, 'src'))) {
    const code = readFileSync(file, 'utf8').replace(/\/\*\*.*?\*\//gs, '')
    for (const [, name] of code.matchAll(/(?:from|import)\s*\(?'(@ez\/[a-z0-9-]+)/g))
      if (name !== '@ez/core')
        problem(`${file.slice(folder.length + 1)} imports ${name}. Providers import core alone.`)
    if (/^export (?:\*|default)/m.test(code)) problem(`${file.slice(folder.length + 1)}: named exports only.`)
  }
}

/** @param {string} text @param {string} name @param {boolean} isSigner @param {(text: string) => void} problem */
function checkReadme(text, name, isSigner, problem) {
  const wanted = {
    [`the title "# ${name}"`]: text.startsWith(`# ${name}\n`),
    [`"npm install @ez/core ${name}"`]: text.includes(`npm install @ez/core ${name}`),
    'an example in TypeScript': /^```ts\n/m.test(text),
    'a table of options': /^\| *option/m.test(text),
    'what it writes': /\bwrites\b/i.test(text),
    limits: /\*\*Limits/.test(text),
    ...(isSigner
      ? {
          'a sample of the trace': /\btrace\b/i.test(text),
          'the sources of its vectors': /\*\*Vectors/.test(text),
        }
      : {}),
    '60 lines at the most': text.split('\n').length <= 61,
  }
  for (const [what, found] of Object.entries(wanted)) if (!found) problem(`README.md lacks ${what}.`)
}

/** @param {string} folder @param {Record<string, any>} manifest @param {(text: string) => void} problem */
function checkVectors(folder, manifest, problem) {
  if (!manifest.files?.includes('vectors')) problem('files must include vectors.')
  const files = filesOf(join(folder, 'vectors')).filter((file) => file.endsWith('.json'))
  let count = 0
  for (const file of files)
    for (const vector of JSON.parse(readFileSync(file, 'utf8'))) {
      count += 1
      for (const field of schemaFields)
        if (!(field in vector)) problem(`${basename(file)}: "${vector.title}" has no ${field}.`)
      if (!manifest.private && String(vector.source).startsWith('turbo gen provider'))
        problem(`${basename(file)}: "${vector.title}" is the generator's. Put the vendor's in its place.`)
    }
  if (count === 0) problem('there are no vectors: vectors/*.json.')
}

/** @param {string} folder @returns {string[]} */
function filesOf(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}
