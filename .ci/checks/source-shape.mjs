import { readFileSync } from 'node:fs'
import ts from 'typescript'

/**
 * What a source file imports and calls, and whether it exports more than names.
 *
 * @param {string} file
 * @returns {{ imports: string[], calls: Set<string>, isOpen: boolean }}
 */
export function shapeOf(file) {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  /** @type {string[]} */
  const imports = []
  const calls = new Set()
  let isOpen = false
  const add = (/** @type {ts.Node | undefined} */ literal) => {
    if (literal && ts.isStringLiteralLike(literal)) imports.push(literal.text)
  }
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier)
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal)
    if (ts.isCallExpression(node)) {
      if (ts.isIdentifier(node.expression)) calls.add(node.expression.text)
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
      if (isImport || (ts.isIdentifier(node.expression) && node.expression.text === 'require'))
        add(node.arguments[0])
    }
    if (
      ts.isExportAssignment(node) ||
      (ts.isExportDeclaration(node) && !node.exportClause) ||
      (ts.isExportSpecifier(node) && node.name.text === 'default') ||
      (ts.canHaveModifiers(node) &&
        ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword))
    )
      isOpen = true
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { imports, calls, isOpen }
}
