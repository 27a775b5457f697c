// Compiles every TypeScript block of the README files, of docs/ and of the @example parts of docstrings against the
// built packages, each block on its own; parses JavaScript, JSON, YAML and shell. Build first.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { finish } from './report.mjs'

const root = resolve('.')
const homes = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(folder).map((name) => resolve(folder, name)),
)

const { parse: parseYaml } = createRequire(resolve('packages/cli/package.json'))('yaml')
/** What finds a mistake in a block of another language. @type {Record<string, (text: string) => string | undefined>} */
const languages = {
  js: (text) => {
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true, fileName: 'snippet.mjs' })
    return diagnostics?.[0] && ts.flattenDiagnosticMessageText(diagnostics[0].messageText, ' ')
  },
  json: (text) => thrown(() => JSON.parse(text)),
  yaml: (text) => thrown(() => parseYaml(text)),
  sh: (text) => {
    const { error, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' })
    return error ? undefined : stderr.trim() || undefined
  },
  // Python is checked where it is run: .ci/checks/requests.mjs.
  python: () => undefined,
}

/** @type {string[]} */
const problems = []
let others = 0
/** @type {Map<string, { text: string, file: string, line: number }>} */
const snippets = new Map()
for (const file of files('.', /\.md$/)) {
  const text = readFileSync(file, 'utf8')
  collect(file, text, /^( *)```ts\n(.*?)^ *```/gms)
  for (const { 1: language = '', 2: block = '', index } of text.matchAll(/^ *```(\S+)\n(.*?)^ *```/gms)) {
    if (language === 'ts') continue
    others += 1
    const check = languages[language]
    const problem = check
      ? check(block)
      : `blocks of ${language} are not checked: ts, ${Object.keys(languages).join(', ')}`
    if (problem) problems.push(`${file}:${text.slice(0, index).split('\n').length}: ${problem}`)
  }
}
for (const folder of readdirSync('packages'))
  for (const file of files(join('packages', folder, 'src'), /\.ts$/))
    collect(file, readFileSync(file, 'utf8'), /^( *)\* ```ts\n(.*?)^ *\* ```/gms)

const options = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: ['node'],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  resolveJsonModule: true,
  allowJs: false,
}
const host = ts.createCompilerHost(options)
const { readFile, fileExists, getSourceFile } = host
host.readFile = (file) => snippets.get(file)?.text ?? readFile(file)
host.fileExists = (file) => snippets.has(file) || fileExists(file)
host.getSourceFile = (file, ...rest) => {
  const snippet = snippets.get(file)
  return snippet ? ts.createSourceFile(file, snippet.text, rest[0], true) : getSourceFile(file, ...rest)
}
// A page may show what any package of the workspace has installed.
host.resolveModuleNameLiterals = (literals, from, _redirected, settings, source) =>
  literals.map((literal) => {
    const mode = ts.getModeForUsageLocation(source, literal, settings)
    const starts = [from, ...(snippets.has(from) ? homes.map((home) => join(home, 'from.mts')) : [])]
    for (const start of starts) {
      const found = ts.resolveModuleName(literal.text, start, settings, host, undefined, undefined, mode)
      const { resolvedModule } = found
      if (resolvedModule && /\.([mc]?ts|json)$/.test(resolvedModule.resolvedFileName))
        return { resolvedModule }
    }
    return { resolvedModule: undefined }
  })

const program = ts.createProgram([...snippets.keys()], options, host)
for (const [name, { file, line }] of snippets) {
  const source = program.getSourceFile(name)
  if (!source) continue
  for (const diagnostic of [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ]) {
    const at = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line
    problems.push(
      `${relative(root, file)}:${line + at}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`,
    )
  }
}
finish('snippets', problems, `${snippets.size} snippets, ${others} of other languages`)

/** @param {() => void} call @returns {string | undefined} */
function thrown(call) {
  try {
    call()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** @param {string} file @param {string} text @param {RegExp} pattern */
function collect(file, text, pattern) {
  let index = 0
  for (const { 0: whole, 2: body = '', index: start } of text.matchAll(pattern)) {
    index += 1
    const isDocstring = whole.trimStart().startsWith('*')
    const code = isDocstring ? body.replace(/^ *\* ?/gm, '') : body
    const home = homes.find((folder) => resolve(file).startsWith(`${folder}/`)) ?? resolve('apps/demo')
    const name = join(home, `snippet-${snippets.size}-${index}.mts`)
    // Without an import or export it would share its names with the other scripts.
    snippets.set(name, {
      text: `${code}\nexport {}\n`,
      file: resolve(file),
      line: text.slice(0, start).split('\n').length + 1,
    })
  }
}

/** @param {string} folder @param {RegExp} pattern @returns {string[]} */
function files(folder, pattern) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (
      /^(?:node_modules|dist|templates|\.git|\.changeset|\.turbo)$/.test(entry.name) ||
      entry.name === 'CHANGELOG.md'
    )
      return []
    const path = join(folder, entry.name)
    // Written from the other pages, perhaps at this moment: the site is built beside this check.
    if (path === join('.ci', 'site', 'content')) return []
    return entry.isDirectory() ? files(path, pattern) : pattern.test(entry.name) ? [path] : []
  })
}
