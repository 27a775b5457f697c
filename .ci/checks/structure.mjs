// Every package has the same files under the same names, and providers depend on what they may.
// node .ci/checks/structure.mjs [folder…]
// Build core first: the vectors are read as its test kit reads them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { checkReadme } from './readme-shape.mjs'
import { finish } from './report.mjs'
import { shapeOf } from './source-shape.mjs'

// See docs/decisions/node-versions.md.
const newerNode = ['cli', 'queue']

// Packages that are no providers, and the packages of ours that each may use.
/** @type {Readonly<Record<string, readonly string[]>>} */
const others = {
  core: [],
  client: ['@ez/core'],
  queue: ['@ez/core', '@ez/client'],
  // Logins and their store, and descriptions of signatures, are the command's too.
  cli: ['@ez/core', '@ez/client', '@ez/oauth2', '@ez/queue', '@ez/request-file', '@ez/signature'],
  'request-file': ['@ez/core'],
  javascript: ['@ez/core'],
  // No scheme of its own: it makes providers of descriptions.
  signature: ['@ez/core'],
  // Its linter compares a script with the signer that the user has installed.
  python: ['@ez/core', '@ez/aws-sigv4', '@ez/cosmos-auth', '@ez/netsuite-oauth1'],
}
const cloudLibraries = ['@aws-sdk/credential-providers', '@azure/identity']
const oauthLibraries = ['oauth4webapi', 'jose', 'json-p3', 'proper-lockfile']
/** Loaded only where there is Node: encrypted files, and the listener of a login. */
const onlyInNode = ['src/store/file-store.ts', 'src/store/file-lock.ts', 'src/login/callback.ts']
// One vocabulary: every signer has these, and the words of its refusals.
const signerFiles = [
  'signer',
  'signature',
  'provider',
  'verify/verify',
  'verify/options',
  'verify/expected',
  'verify/claim',
  'verify/refusal',
]
/** @type {readonly (readonly [code: string, word: RegExp, what: string])[]} */
const refusalWords = [
  ['EZ_CLOCK_SKEW', /\bclockOffsetMs\b/, 'details: { clockOffsetMs }'],
  ['EZ_SIGNATURE_MISMATCH', /\bstages\b/, 'details: { stages }'],
]
const stageFiles = ['canonical-request.ts', 'base-string.ts', 'string-to-sign.ts', 'signature-base.ts']

const folders = process.argv.slice(2).length
  ? process.argv.slice(2).map((folder) => resolve(folder))
  : readdirSync('packages').map((name) => resolve('packages', name))

const frontPage = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
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
  const name = basename(folder)
  if (!manifest.private && !frontPage.includes(`(packages/${name})`))
    problem('README.md of the repository does not name it in its table of packages.')
  const uses = others[name]
  const own = manifest.peerDependencies?.['@ez/signature'] ? ['@ez/core', '@ez/signature'] : ['@ez/core']
  checkSources(folder, name, uses ?? own, problem)
  if (name === 'core' && (manifest.dependencies || manifest.peerDependencies))
    problem('core has no dependency.')
  if (uses !== undefined) continue

  if (!manifest.keywords?.includes('ez-provider'))
    problem('a provider has the keyword ez-provider; a package that is none is named in this check.')
  if (manifest.peerDependencies?.['@ez/core'] !== 'workspace:^')
    problem('@ez/core must be a peer dependency, "workspace:^".')
  if (manifest.peerDependencies['@ez/signature']) {
    signers += 1
    await checkDeclared(folder, manifest, needs, problem)
    continue
  }
  needs('src/options.ts')
  const isSigner = ['src/signer.ts', 'src/signature.ts', 'src/verify', 'vectors'].some((file) =>
    existsSync(join(folder, file)),
  )
  const allowed = isSigner ? [] : oauthLibraries
  // What finds a machine's credentials is a cloud vendor's own library, for those who want it.
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (peer) =>
      peer !== '@ez/core' &&
      !(manifest.peerDependenciesMeta?.[peer]?.optional && (!isSigner || cloudLibraries.includes(peer))),
  )
  for (const dependency of [
    ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
    ...peers,
  ])
    if (!allowed.includes(dependency))
      problem(
        `it depends on ${dependency}. ${isSigner ? 'A signer depends on core alone.' : `Known: ${allowed.join(', ')}.`}`,
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
  for (const file of signerFiles) needs(`src/${file}.ts`)
  checkVerifier(folder, problem)
  if (!manifest.exports?.['./verify']) problem('exports must have ./verify.')
  if (!stageFiles.some((file) => existsSync(join(folder, 'src', file))))
    problem(`a stage file is missing: one of ${stageFiles.map((file) => `src/${file}`).join(', ')}.`)
  await checkVectors(folder, manifest, problem)
  checkTests(folder, problem)
}
finish('structure', problems, `${folders.length} packages, ${signers} signers, ${tokens} token providers`)

/**
 * A vendor whose scheme is a description.
 *
 * @param {string} folder @param {Record<string, any>} manifest @param {(file: string) => string} needs @param {(text: string) => void} problem
 */
async function checkDeclared(folder, manifest, needs, problem) {
  for (const file of ['description', 'provider', 'verify']) needs(`src/${file}.ts`)
  if (!/\bexport\b[^;]*\bprovider\b/.test(needs('src/index.ts')))
    problem('src/index.ts must export provider.')
  for (const one of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }))
    if (!['@ez/core', '@ez/signature'].includes(one))
      problem(`it depends on ${one}. A declared vendor depends on core and @ez/signature alone.`)
  if (!manifest.exports?.['./verify']) problem('exports must have ./verify.')
  checkReadme(needs('README.md'), manifest.name, true, problem)
  await checkVectors(folder, manifest, problem)
  checkTests(folder, problem)
}

/** @param {Record<string, any>} manifest @param {string} folder @param {(text: string) => void} problem */
function checkManifest(manifest, folder, problem) {
  if (manifest.name !== `@ez/${basename(folder)}`) problem('the name must be @ez/<folder>.')
  if (!manifest.description) problem('there is no description.')
  if (manifest.license !== 'MIT') problem('the licence must be MIT.')
  if (manifest.type !== 'module') problem('type must be module.')
  const wantedNode = newerNode.includes(basename(folder)) ? '>=22.19' : '>=20'
  if (manifest.engines?.node !== wantedNode) problem(`engines.node must be ${wantedNode}.`)
  if (!manifest.files?.includes('dist')) problem('files must include dist.')
  if (manifest.exports?.['./package.json'] !== './package.json') problem('exports must have ./package.json.')
  for (const script of ['build', 'typecheck', 'test', 'publint', 'attw'])
    if (!manifest.scripts?.[script]) problem(`there is no script ${script}.`)
  for (const [entry, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    if (Object.keys(target)[0] !== 'types') problem(`exports["${entry}"]: types must come first.`)
    for (const file of Object.values(target))
      if (/^\.\/dist\/.*(?<!\.d)\.js$/.test(file)) {
        const source = file.replace(/^\.\/dist\//, 'src/').replace(/\.js$/, '.ts')
        // An entry of one name with its room stands in it.
        const inRoom = source.replace(/([^/]+)\.ts$/, '$1/$1.ts')
        const index = source.replace(/\.ts$/, '/index.ts')
        const config = readFileSync(join(folder, 'tsup.config.ts'), 'utf8')
        // An entry that the build names lies where its configuration says.
        const named = new RegExp(`\\b${basename(file, '.js')}'?: '(src/[^']+)'`).exec(config)?.[1] ?? source
        if (![source, inRoom, index, named].some((one) => existsSync(join(folder, one))))
          problem(`exports["${entry}"]: ${source} is missing.`)
      }
  }
}

/** The words in which every verifier refuses and answers. @param {string} folder @param {(text: string) => void} problem */
function checkVerifier(folder, problem) {
  const text = filesOf(join(folder, 'src/verify'))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  for (const [code, word, what] of refusalWords)
    if (text.includes(`'${code}',`) && !word.test(text)) problem(`src/verify: ${code} carries ${what}.`)
  if (!/\bcovers\b/.test(text) || !/\bCovers\b/.test(text))
    problem('src/verify: the result says what it covers, of the type Covers of @ez/core/received.')
}

/** @param {string} folder @param {string} name @param {readonly string[]} uses @param {(text: string) => void} problem */
function checkSources(folder, name, uses, problem) {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const known = Object.keys({ ...dependencies, ...peerDependencies })
  for (const file of filesOf(join(folder, 'src')).filter((path) => path.endsWith('.ts'))) {
    const where = relative(folder, file)
    const { imports, isOpen } = shapeOf(file)
    if (isOpen) problem(`${where}: named exports only.`)
    for (const one of imports) {
      const [, other] = /^(@ez\/[a-z0-9-]+)/.exec(one) ?? []
      if (other !== undefined && other !== `@ez/${name}` && !uses.includes(other))
        problem(`${where} imports ${one}. Of ours it may use ${uses.join(', ') || 'nothing'}.`)
      if (one.startsWith('.') && relative(folder, join(dirname(file), one)).startsWith('..'))
        problem(`${where} imports ${one}, out of its package.`)
      // Other packages may take a tool's code into their bundle.
      if (others[name] !== undefined) continue
      if (one.startsWith('node:') && name === 'oauth2' && onlyInNode.includes(where)) continue
      if (one.startsWith('node:') || one === '@ez/core/testing')
        problem(`${where} imports ${one}, which is not everywhere.`)
      else if (/^(?!@ez\/|\.)/.test(one) && !known.some((library) => `${one}/`.startsWith(`${library}/`)))
        problem(`${where} imports ${one}, which package.json does not name.`)
    }
  }
}

/** Every signer's tests go through the kit that contributors have. @param {string} folder @param {(text: string) => void} problem */
function checkTests(folder, problem) {
  const tests = filesOf(join(folder, 'test')).filter((file) => file.endsWith('.test.ts'))
  const calls = new Set(tests.flatMap((file) => [...shapeOf(file).calls]))
  for (const kit of ['describeSigner', 'describeVerifier'])
    if (!calls.has(kit)) problem(`no test calls ${kit} of @ez/core/testing.`)
}

/** @param {string} folder @param {Record<string, any>} manifest @param {(text: string) => void} problem */
async function checkVectors(folder, manifest, problem) {
  if (!manifest.files?.includes('vectors')) problem('files must include vectors.')
  const kit = new URL('../../packages/core/dist/testing.js', import.meta.url)
  const { parseVectors } = await import(kit.href)
  const files = filesOf(join(folder, 'vectors')).filter((file) => file.endsWith('.json'))
  let count = 0
  for (const file of files)
    try {
      for (const vector of parseVectors(JSON.parse(readFileSync(file, 'utf8')))) {
        count += 1
        if (!manifest.private && vector.source.startsWith('turbo gen provider'))
          problem(`${basename(file)}: "${vector.title}" is the generator's. Put the vendor's in its place.`)
      }
    } catch (error) {
      problem(`${basename(file)}: ${error instanceof Error ? error.message : String(error)}`)
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
