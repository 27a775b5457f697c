// Every exported name, and every public field and method of an exported type, says in a docstring what it is. Reads the
// declarations of the build, as an editor shows them. Build first.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import ts from 'typescript'
import { finish } from './report.mjs'

const problems = new Set()
let counted = 0
const packages = readdirSync('packages')
for (const name of packages) check(name)
finish('docstrings', [...problems], `${counted} names and fields of ${packages.length} packages`)

/** @param {string} name */
function check(name) {
  const root = join('packages', name)
  if (!existsSync(join(root, 'package.json'))) return
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const files = Object.values(exports).flatMap((target) =>
    target?.types ? [resolve(root, target.types)] : [],
  )
  const program = ts.createProgram([...new Set(files)], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const own = resolve(root, 'dist') + sep
  for (const file of files) {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) continue
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      const declarations = (symbol.declarations ?? []).filter((one) =>
        resolve(one.getSourceFile().fileName).startsWith(own),
      )
      if (declarations.length === 0) continue
      ask(`@ez/${name}: ${exported.name}`, symbol)
      for (const declaration of declarations) fieldsOf(declaration, `@ez/${name}: ${exported.name}`)
    }
  }

  /** @param {string} place @param {ts.Symbol} symbol */
  function ask(place, symbol) {
    counted += 1
    if (ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '')
      problems.add(`${place} has no docstring.`)
  }

  /** @param {ts.Node} node @param {string} place */
  function fieldsOf(node, place) {
    if (ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeLiteralNode(node))
      for (const member of node.members) {
        if (!member.name || ts.isPrivateIdentifier(member.name) || isHidden(member)) continue
        const symbol = checker.getSymbolAtLocation(member.name)
        if (symbol) ask(`${place}.${member.name.getText()}`, symbol)
      }
    else if (ts.isTypeAliasDeclaration(node)) fieldsOf(node.type, place)
    // The forms of a union are told by the docstring of the union.
    else if (ts.isIntersectionTypeNode(node)) for (const type of node.types) fieldsOf(type, place)
  }
}

/** @param {ts.ClassElement | ts.TypeElement} member */
function isHidden(member) {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword]
  return ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => hidden.includes(kind))
}
