// Imports of our packages run one way: no circle (types included), core's rooms in their order, no provider on
// another; and no folder or file is too full to be read.
// node .ci/checks/graph.mjs [root]
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'
import { finish } from './report.mjs'

// Core's rooms: each imports those below it, and none above. `scripts` stands above `freeze`, since a script may read
// what would be sent by now; the attempt holds the values that the stages ask.
const rooms = [
  'index.ts',
  'testing.ts',
  'testing',
  'received.ts',
  'keys.ts',
  'structured-fields.ts',
  'received',
  'steps',
  'prepare.ts',
  'sign.ts',
  'scripts',
  'freeze',
  'sign',
  'seal',
  'concrete',
  'attempt',
  'resolve',
  'outputs',
  'trace',
  'masking',
  'template',
  'wire',
  'values',
  'time',
  'check',
  'contract',
  'crypto',
  'base',
]
const mostFiles = 20
const mostLines = 250

/** The files of a room: an entry is one file, any other room a folder. */
const pathOf = (/** @type {string} */ room) =>
  `^packages/core/src/${room.endsWith('.ts') ? `${room.replace('.', '\\.')}$` : `${room}/`}`

/**
 * Everything that is wrong in the sources of the packages.
 *
 * @param {string} root the folder that holds `packages`
 */
export async function inspect(root) {
  const packages = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'src')),
  )
  const providers = packages.filter((name) => isProvider(join(root, 'packages', name)))
  const { output } = await cruise(
    packages.map((name) => `packages/${name}/src`),
    {
      baseDir: root,
      tsPreCompilationDeps: true,
      doNotFollow: { path: '(^|/)(node_modules|dist)/' },
      validate: true,
      ruleSet: { forbidden: rulesFor(providers) },
    },
  )
  if (typeof output === 'string') throw new Error(output)
  const problems = output.summary.violations.map(({ rule, from, to, cycle }) => {
    const path = cycle ? cycle.map(({ name }) => name).join(' → ') : to
    return `${rule.name}: ${from} → ${path}`
  })
  const files = packages.flatMap((name) => sourcesIn(join(root, 'packages', name, 'src')))
  problems.push(...tooFull(root, files), ...tooLong(root, files), ...outsideRooms(root, files))
  const edges = output.modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0)
  return { problems: [...new Set(problems)], summary: `${files.length} files, ${edges} imports` }
}

/** @param {readonly string[]} providers @returns {import('dependency-cruiser').IForbiddenRuleType[]} */
function rulesFor(providers) {
  const provider = `(${providers.join('|') || '-'})`
  return [
    {
      name: 'no circle',
      severity: 'error',
      from: { path: '^packages/' },
      to: { circular: true },
    },
    {
      name: 'no provider on another',
      severity: 'error',
      from: { path: `^packages/${provider}/src/` },
      // A vendor that is described as data takes the language of descriptions.
      to: {
        path: `(^|/)(packages|@ez)/${provider}(/|$)`,
        pathNot: '(^|/)(packages|@ez)/($1|signature)(/|$)',
      },
    },
    ...rooms.slice(1).map((room, index) => ({
      name: "core's rooms in their order",
      severity: /** @type {const} */ ('error'),
      from: { path: pathOf(room) },
      to: { path: rooms.slice(0, index + 1).map(pathOf) },
    })),
  ]
}

/** @param {string} folder */
function isProvider(folder) {
  const { keywords = [] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return keywords.includes('ez-provider')
}

/** @param {string} folder @returns {string[]} */
const sourcesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))

/** @param {string} root @param {readonly string[]} files */
function tooFull(root, files) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const file of files) {
    const folder = relative(root, dirname(file)).replaceAll('\\', '/')
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(([folder, count]) => `no folder over ${mostFiles} files: ${folder} holds ${count}`)
}

/** @param {string} root @param {readonly string[]} files */
function tooLong(root, files) {
  return files
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > mostLines)
    .map(({ file, lines }) => `no file over ${mostLines} lines: ${relative(root, file)} has ${lines}`)
}

/** @param {string} root @param {readonly string[]} files */
function outsideRooms(root, files) {
  const known = new RegExp(rooms.map(pathOf).join('|'))
  return files
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .filter((file) => file.startsWith('packages/core/src/') && !known.test(file))
    .map((file) => `core's rooms in their order: ${file} lies in no room that this check knows`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { problems, summary } = await inspect(resolve(process.argv[2] ?? '.'))
  finish('graph', problems, summary)
}
