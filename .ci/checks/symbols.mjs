// What each package exports, compared with .ci/symbols/<package>.txt: a name that goes is a breaking change.
// node .ci/checks/symbols.mjs [--update]
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { finish } from './report.mjs'

const update = process.argv.includes('--update')
const folder = resolve('.ci/symbols')
mkdirSync(folder, { recursive: true })

/** @type {{ name: string, entry: string, file: string }[]} */
const entries = []
for (const name of readdirSync('packages')) {
  const root = resolve('packages', name)
  if (!existsSync(join(root, 'package.json'))) continue
  const { exports = {}, private: isPrivate } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  // Nobody uses what is not released.
  if (isPrivate) continue
  for (const [entry, target] of Object.entries(exports))
    if (typeof target === 'object') entries.push({ name, entry, file: join(root, target.types) })
}

/** @type {string[]} */
const problems = []
for (const { name, file } of entries)
  if (!existsSync(file)) problems.push(`${name}: ${file} is missing. Build first.`)

const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    skipLibCheck: true,
  },
)
const checker = program.getTypeChecker()
/** @type {Map<string, string[]>} */
const found = new Map()
for (const { name, entry, file } of entries) {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const lines = found.get(name) ?? []
  found.set(name, lines)
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    lines.push(`${entry} ${target.flags & ts.SymbolFlags.Value ? 'value' : 'type'} ${symbol.name}`)
  }
}

for (const file of readdirSync(folder))
  if (!found.has(file.replace(/\.txt$/, ''))) problems.push(`${file} is of no package that is released.`)

let count = 0
for (const [name, lines] of found) {
  lines.sort()
  count += lines.length
  const file = join(folder, `${name}.txt`)
  if (update) {
    writeFileSync(file, `${lines.join('\n')}\n`)
    continue
  }
  const known = new Set(existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [])
  const gone = [...known].filter((line) => !lines.includes(line))
  const added = lines.filter((line) => !known.has(line))
  for (const line of gone) problems.push(`${name}: gone: ${line}`)
  for (const line of added) problems.push(`${name}: new: ${line}`)
}
if (!update && problems.length > 0)
  problems.push('When that is meant: node .ci/checks/symbols.mjs --update, and say so in a changeset.')
finish('symbols', problems, `${count} exports of ${found.size} packages`)
