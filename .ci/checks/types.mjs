// The types of every package and app, as `tsc -p` of each says them, in one process: what they share, which is most of
// what they read, is parsed once. Build first.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { finish } from './report.mjs'

const known = ts.createDocumentRegistry()
const problems = []
let projects = 0
for (const folder of ['packages', 'apps'])
  for (const name of readdirSync(folder)) {
    const root = join(folder, name)
    for (const file of configurationsOf(root)) check(resolve(root, file))
  }
finish('types', problems, `${projects} projects`)

/** A package may have configurations beside the usual one; each is named in its script. @param {string} root */
function configurationsOf(root) {
  if (!existsSync(join(root, 'package.json'))) return []
  const { scripts = {} } = JSON.parse(ts.sys.readFile(join(root, 'package.json')) ?? '{}')
  return [...(scripts.typecheck ?? '').matchAll(/tsc -p (\S+)/g)].map(([, file = '']) => file)
}

/** @param {string} path of a tsconfig.json */
function check(path) {
  projects += 1
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: report }
  const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, /** @type {any} */ (host))
  if (!parsed) return
  parsed.errors.forEach(report)
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => parsed.options,
      getScriptFileNames: () => parsed.fileNames,
      getScriptVersion: () => '1',
      getScriptSnapshot: (file) => {
        const text = ts.sys.readFile(file)
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
      },
      getCurrentDirectory: () => resolve(path, '..'),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      readFile: ts.sys.readFile,
      fileExists: ts.sys.fileExists,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: ts.sys.realpath,
    },
    known,
  )
  const program = service.getProgram()
  if (!program) throw new Error(`${path}: no program`)
  for (const diagnostic of [...ts.getPreEmitDiagnostics(program), ...declarationsOf(program)])
    report(diagnostic)
  service.dispose()
}

/** What `isolatedDeclarations` asks for. @param {ts.Program} program */
function declarationsOf(program) {
  return program.getCompilerOptions().declaration ? program.getDeclarationDiagnostics() : []
}

/** @param {ts.Diagnostic} diagnostic */
function report(diagnostic) {
  const text = ts.formatDiagnostic(diagnostic, {
    getCurrentDirectory: () => process.cwd(),
    getCanonicalFileName: (file) => file,
    getNewLine: () => '\n',
  })
  if (!problems.includes(text.trim())) problems.push(text.trim())
}
